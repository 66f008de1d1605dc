"""The kinds of chart that definitions may use, each as the parameters Superset wants.

A kind fixes what every chart of it has in common (one look on all dashboards); a definition says what it
shows. Parameters that are rare stand in a definition's `params` and are laid over the kind's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboards import palette

Chart = dict[str, Any]
Params = dict[str, Any]

HOUR_FORMAT = ",.1f"
COUNT_FORMAT = ",d"
RATE_FORMAT = ".1%"


class KindError(ValueError):
    """A definition asks for what no kind of chart can show; the message says what."""


def make_filters(where: dict[str, Any]) -> list[dict[str, Any]]:
    """Fixed filters of a chart: `{column: value}`, `{column: [values]}`, `{column: "> 0"}` or `"<= 60"`."""
    filters = []
    for column, wanted in where.items():
        operator, identifier, comparator = "==", "EQUALS", wanted
        if isinstance(wanted, list):
            operator, identifier = "IN", "IN"
        elif wanted is None:
            operator, identifier = "IS NOT NULL", "IS_NOT_NULL"
        elif isinstance(wanted, str) and wanted[:2] == "> ":
            operator, identifier, comparator = ">", "GREATER_THAN", float(wanted[2:])
        elif isinstance(wanted, str) and wanted[:3] == "<= ":
            operator, identifier, comparator = "<=", "LESS_THAN_OR_EQUAL", float(wanted[3:])
        filters.append(
            {
                "clause": "WHERE",
                "expressionType": "SIMPLE",
                "subject": column,
                "operator": operator,
                "operatorId": identifier,
                **({} if wanted is None else {"comparator": comparator}),
            }
        )
    return filters


def make_params(chart: Chart, formats: dict[str, str]) -> tuple[str, Params]:
    """Superset's viz type and parameters of a chart; `formats`: of each metric and column."""
    kind = chart["kind"]
    if kind not in KINDS:
        raise KindError(f"no kind of chart is called {kind}; there are {', '.join(sorted(KINDS))}")
    viz_type, make = KINDS[kind]
    params = {
        "viz_type": viz_type,
        "adhoc_filters": make_filters(chart.get("where", {})),
        "annotation_layers": [],
        "extra_form_data": {},
        **make(chart, formats),
        **chart.get("params", {}),
    }
    # Superset's export leaves out what is null: so do the files that it is compared with
    return viz_type, {key: value for key, value in params.items() if value is not None}


def _number(chart: Chart, formats: dict[str, str]) -> Params:
    metric = chart["metric"]
    is_date = chart.get("format") == "date"
    params: Params = {
        "metric": metric,
        "header_font_size": 0.5,
        "subtitle": chart.get("subtitle", ""),
        "subtitle_font_size": 0.25,
        "conditional_formatting": [],
        "y_axis_format": "SMART_NUMBER" if is_date else formats.get(metric, COUNT_FORMAT),
    }
    if is_date:
        params |= {"force_timestamp_formatting": True, "time_format": "%Y-%m-%d"}
    if "light" in chart:
        colour = palette.INKS[chart["light"]]
        params["conditional_formatting"] = [{"colorScheme": colour, "column": metric, "operator": "None"}]
    return params


def _axes(chart: Chart, formats: dict[str, str]) -> Params:
    metrics = chart["metrics"]
    return {
        "x_axis": chart["x"],
        "metrics": metrics,
        "groupby": chart.get("by", []),
        "color_scheme": "ganxun",
        "legendOrientation": "top",
        "legendType": "plain",
        "show_legend": len(metrics) > 1 or bool(chart.get("by")),
        "order_desc": True,
        "rich_tooltip": True,
        "row_limit": chart.get("limit", 10_000),
        "sort_series_ascending": True,
        "sort_series_type": "name",
        "truncate_metric": True,
        "x_axis_title": "",
        "x_axis_title_margin": 15,
        "y_axis_format": chart.get("format") or formats.get(metrics[0], COUNT_FORMAT),
        "y_axis_title": chart.get("y_title", ""),
        "y_axis_title_margin": 40 if chart.get("y_title") else 0,
        "y_axis_title_position": "Left",
    }


def _lines(chart: Chart, formats: dict[str, str]) -> Params:
    return _axes(chart, formats) | {
        "markerEnabled": True,
        "markerSize": 5,
        "seriesType": "line",
        "time_grain_sqla": "P1D",
        "tooltipTimeFormat": "%Y-%m-%d",
        "truncateYAxis": True,
        "x_axis_time_format": "%Y-%m",
        "y_axis_bounds": [0, None],
    }


def _bars(chart: Chart, formats: dict[str, str]) -> Params:
    is_horizontal = chart.get("horizontal", False)
    params = _axes(chart, formats) | {
        "orientation": "horizontal" if is_horizontal else "vertical",
        "minorTicks": False,
        "only_total": True,
        "show_value": chart.get("show_value", True),
        "stack": "Stack" if chart.get("stacked", False) else None,
        "truncateYAxis": False,
        "xAxisForceCategorical": True,
        "x_axis_sort": chart.get("sort", chart["metrics"][0]),
        # a horizontal chart begins at the bottom
        "x_axis_sort_asc": is_horizontal != chart.get("ascending", False),
        "zoomable": False,
    }
    if "time_grain" in chart:
        params["time_grain_sqla"] = chart["time_grain"]
    if chart.get("by_day", False):
        params |= {"time_grain_sqla": "P1D", "xAxisForceCategorical": False, "x_axis_time_format": "%m-%d"}
    return params


def _heatmap(chart: Chart, formats: dict[str, str]) -> Params:
    metric = chart["metric"]
    return {
        "x_axis": chart["x"],
        "groupby": chart["y"],
        "metric": metric,
        "bottom_margin": "auto",
        "left_margin": "auto",
        "legend_type": "continuous",
        "linear_color_scheme": "ganxun_hours",
        "normalize_across": "heatmap",
        "row_limit": 10_000,
        "show_legend": True,
        "show_percentage": False,
        "show_values": True,
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": chart.get("sort_y", "value_asc"),
        "value_bounds": [0, None],
        "xscale_interval": 1,
        "yscale_interval": 1,
        "y_axis_format": chart.get("format") or formats.get(metric, ",.0f"),
    }


def _table(chart: Chart, formats: dict[str, str]) -> Params:
    config: dict[str, Any] = {}
    for column, given in _columns(chart).items():
        look = dict(given or {})
        number_format = look.pop("format", None) or formats.get(column)
        title = look.pop("title", None)
        width = look.pop("width", None)
        entry: dict[str, Any] = {"horizontalAlign": "right" if number_format else "left"}
        if number_format and number_format.startswith("%"):
            entry |= {"d3TimeFormat": number_format, "horizontalAlign": "left"}
        elif number_format:
            entry |= {"d3NumberFormat": number_format, "showCellBars": False}
        if width:
            entry["columnWidth"] = width
        if title:
            entry["customColumnName"] = title
        config[column] = entry | look
    return {
        "query_mode": "raw",
        "all_columns": list(_columns(chart)),
        "order_by_cols": [_order(text) for text in chart.get("order", [])],
        "column_config": config,
        "conditional_formatting": [_tint(rule) for rule in chart.get("tint", [])],
        "color_pn": False,
        "include_search": chart.get("search", False),
        "page_length": chart.get("page", 0),
        "row_limit": chart.get("limit", 10_000),
        "server_pagination": False,
        "show_cell_bars": False,
        "table_timestamp_format": "%Y-%m-%d",
        "allow_render_html": bool(chart.get("links")),
    }


def _counts(chart: Chart, formats: dict[str, str]) -> Params:
    """Categories with their numbers and a bar behind each: lying bars whose click gives the category.

    A click on a bar chart's lying bar gives the bar's length (Superset 6.1); here only the category can be
    clicked, and the numbers stand beside it in full.
    """
    metrics = chart["metrics"]
    config: dict[str, Any] = {
        name: {
            "columnWidth": chart.get("bar_width", 180),
            "d3NumberFormat": formats.get(name, COUNT_FORMAT),
            "horizontalAlign": "right",
            "showCellBars": True,
        }
        for name in metrics
    }
    title = _columns(chart)[chart["x"]]["title"]
    config[chart["x"]] = {"horizontalAlign": "left", "customColumnName": title}
    return {
        "query_mode": "aggregate",
        "groupby": [chart["x"]],
        "metrics": metrics,
        "timeseries_limit_metric": chart.get("sort", metrics[0]),
        "order_desc": True,
        "column_config": config,
        "conditional_formatting": [],
        "color_pn": False,
        "include_search": False,
        "page_length": 0,
        "row_limit": chart.get("limit", 10_000),
        "server_pagination": False,
        "show_cell_bars": True,
        "show_totals": False,
        "allow_render_html": False,
    }


def _columns(chart: Chart) -> dict[str, Any]:
    columns = chart["columns"]
    return columns if isinstance(columns, dict) else dict.fromkeys(columns)


def _order(text: str) -> str:
    name, _, direction = text.partition(" ")
    return f'["{name}", {"false" if direction == "desc" else "true"}]'


def _tint(rule: dict[str, Any]) -> dict[str, Any]:
    """`{column, above|at_least|below|equals: value, colour: red|yellow|green}`."""
    for word, operator in (("above", ">"), ("at_least", "≥"), ("below", "<"), ("equals", "=")):
        if word in rule:
            return {
                "column": rule["column"],
                "operator": operator,
                "targetValue": rule[word],
                "colorScheme": palette.TINTS[rule["colour"]],
            }
    raise KindError(f"the tint of {rule['column']} says neither above nor at_least nor below nor equals")


def _radar(chart: Chart, formats: dict[str, str]) -> Params:
    return {
        "groupby": chart.get("by", []),
        "metrics": chart["metrics"],
        "color_scheme": "ganxun",
        "column_config": {
            name: {"radarMetricMaxValue": chart.get("maximum"), "radarMetricMinValue": 0}
            for name in chart["metrics"]
        },
        "is_circle": False,
        "legendOrientation": "top",
        "legendType": "plain",
        "number_format": chart.get("format", ",.0f"),
        "row_limit": chart.get("limit", 10),
        "show_labels": True,
        "show_legend": bool(chart.get("by")),
        "label_type": "value",
    }


# What a phone's width changes: five digits do not fit into a cell of thirty pixels.
PHONE_PARAMS: dict[str, Params] = {"heatmap": {"y_axis_format": ".2~s", "show_legend": False}, "counts": {}}
# Pixels that a phone has for the numbers of a table of counts, beside a category of a few words.
PHONE_BARS = 170

KINDS: dict[str, tuple[str, Callable[[Chart, dict[str, str]], Params]]] = {
    "number": ("big_number_total", _number),
    "lines": ("echarts_timeseries_line", _lines),
    "bars": ("echarts_timeseries_bar", _bars),
    "heatmap": ("heatmap_v2", _heatmap),
    "table": ("table", _table),
    "counts": ("table", _counts),
    "radar": ("radar", _radar),
}
