"""The kinds of chart that definitions may use, each as the parameters Superset wants.

A kind fixes what every chart of it has in common (one look on all dashboards); a definition says what it
shows. Parameters that are rare stand in a definition's `params` and are laid over the kind's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dashboards.compiler import palette
from dashboards.compiler.chart_terms import COUNT_FORMAT, Chart, KindError, Params
from dashboards.compiler.table_kinds import make_counts, make_table


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
        # shares and twins of one figure have no sum, and parts that have one show it above their bar
        "showTooltipTotal": False,
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
    axes = _axes(chart, formats)
    return axes | {
        "markerEnabled": True,
        "markerSize": 5,
        "seriesType": "line",
        "time_grain_sqla": "P1D",
        "tooltipTimeFormat": "%Y-%m-%d",
        "truncateYAxis": True,
        "x_axis_time_format": "%Y-%m",
        "y_axis_bounds": [0, None],
        # an axis of shares ends at the whole, not at 120 %, and in quarters
        "echart_options": _echarts(yAxis={"max": 1, "interval": 0.25})
        if axes["y_axis_format"].endswith("%")
        else None,
    }


def _echarts(**options: Any) -> str:
    """ECharts' own options, laid over what Superset makes of the parameters."""
    return json.dumps(options)


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
        params |= {
            "time_grain_sqla": "P1D",
            "tooltipTimeFormat": "%Y-%m-%d",
            "xAxisForceCategorical": False,
            "x_axis_time_format": "%m-%d",
        }
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
        # greatest first; else the series of three radars stand in three orders
        "series_limit_metric": chart.get("sort"),
        "show_labels": True,
        "show_legend": bool(chart.get("by")),
        "label_type": "value",
    }


# A radar writes the names of its figures on its axes, a heat map in the words of a cell: not their labels.
KINDS_THAT_WRITE_NAMES = ("radar", "heatmap")
# Pixels that a phone has for the numbers of a table of counts, beside a category of a few words.
PHONE_BARS = 170
# Figures of whole numbers, which a phone shortens to thousands where they stand side by side.
WHOLE_NUMBERS = (COUNT_FORMAT, ",.0f")


def has_phone_twin(chart: Chart) -> bool:
    """Whether a phone draws the chart with other parameters than the desk."""
    return chart["kind"] in ("heatmap", "counts", "bars")


def make_phone_params(chart: Chart, params: Params, locale: str) -> Params:
    """What a phone's width changes: five digits do not fit into a cell of thirty pixels.

    Cells of hours have a colour there, and a tap tells the number in full: SI's short forms would say 500m
    for half an hour and 880 for 876.
    """
    if chart["kind"] == "bars" and chart.get("horizontal", False) and params["show_value"]:
        # each bar has its figure, and four figures of an axis run into each other
        return {"echart_options": _echarts(xAxis={"axisLabel": {"show": False}})}
    if chart["kind"] == "bars" and params["y_axis_format"] in WHOLE_NUMBERS:
        return {"y_axis_format": "SMART_NUMBER"}
    if chart["kind"] != "heatmap":
        return {}
    is_share = params["y_axis_format"].endswith("%")
    # six years, or words of a few letters, lie across each other where four years do not
    aslant = 45 if locale == "zh" or is_share else 90
    return {
        "show_legend": False,
        "show_values": is_share,
        "y_axis_format": ".0%" if is_share else params["y_axis_format"],
        "x_axis_label_rotation": 0 if chart["x"] == "year" and is_share else aslant,
    }


KINDS: dict[str, tuple[str, Callable[[Chart, dict[str, str]], Params]]] = {
    "number": ("big_number_total", _number),
    "lines": ("echarts_timeseries_line", _lines),
    "bars": ("echarts_timeseries_bar", _bars),
    "heatmap": ("heatmap_v2", _heatmap),
    "table": ("table", make_table),
    "counts": ("table", make_counts),
    "radar": ("radar", _radar),
}
