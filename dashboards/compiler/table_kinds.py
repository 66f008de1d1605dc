"""Tables as Superset's parameters: lists of published rows, and counts by category."""

from __future__ import annotations

from typing import Any

from dashboards.compiler import palette
from dashboards.compiler.chart_terms import COUNT_FORMAT, Chart, KindError, Params


def make_table(chart: Chart, formats: dict[str, str]) -> Params:
    """A list of published rows."""
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


def make_counts(chart: Chart, formats: dict[str, str]) -> Params:
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
    """`{column, above|at_least|below|equals: value, colour: a light}`; `codes` have become these by now."""
    for word, operator in (("above", ">"), ("at_least", "≥"), ("below", "<"), ("equals", "=")):
        if word in rule:
            return {
                "column": rule["column"],
                "operator": operator,
                "targetValue": rule[word],
                "colorScheme": palette.TINTS[rule["colour"]],
            }
    raise KindError(f"the tint of {rule['column']} says neither above nor at_least nor below nor equals")
