"""A click that narrows other charts: which chart says what to which, as Superset's scopes and as style.

A definition writes `emits: {columns: [topic_name], charts: [layout]}` at a chart. Superset knows one switch
for a whole dashboard, and then every click on every cell or bar speaks to every chart. Here a chart speaks to
the charts that it names, and to nobody if it names none; `templates/cross_filters.js` keeps the clicks that
mean nothing (a number in a list, the length of a bar) from becoming filters. What may be named is checked
here: a chart that listens must stay true when it is narrowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dashboards.compiler.sources import DefinitionError, Sources
from words.published_tables import english_twin

Charts = Mapping[str, dict[str, Any]]

EVERYWHERE = ["ROOT_ID"]
# The property by which the style tells the script where a click filters.
FILTERS = "--ganxun-click: filters;"
# Words that can be clicked look so.
CLICKABLE = "cursor: pointer; text-decoration: underline dotted;"
STYLE_OF_ALL = """\
.dashboard-component-chart-holder { --ganxun-click: nothing; }
.superset-chart-table td.dt-is-filter { cursor: auto; }
.superset-chart-table td.dt-is-filter:not(.dt-is-active-filter):hover { background-color: transparent; }
body[data-ganxun-click="nothing"] [data-menu-id$="cross-filtering-menu-item"] { display: none !important; }
"""


def check_cross_filters(sources: Sources, name: str) -> None:
    """Raise `DefinitionError` where a chart emits what no click gives, or to a chart that would lie."""
    definition = sources.dashboards[name]
    for key, chart in definition["charts"].items():
        for fault in _faults_of_emitter(sources, definition, key, chart):
            raise DefinitionError(f"dashboards/{name}: chart {key} {fault}")


def make_scopes(charts: Charts, find_uuid: Callable[[str], str]) -> dict[str, Any]:
    """The parts of a dashboard's metadata that say who listens to whom; none where no chart emits."""
    if not any("emits" in chart for chart in charts.values()):
        return {"cross_filters_enabled": False}
    all_uuids = sorted(find_uuid(key) for key in charts)
    return {
        "cross_filters_enabled": True,
        "global_chart_configuration": {"scope": {"rootPath": EVERYWHERE, "excluded": all_uuids}},
        "chart_configuration": {
            find_uuid(key): {
                "crossFilters": {
                    "scope": {
                        "rootPath": EVERYWHERE,
                        "excluded": [
                            uuid
                            for uuid in all_uuids
                            if uuid not in {find_uuid(listener) for listener in chart["emits"]["charts"]}
                        ],
                    }
                },
            }
            for key, chart in charts.items()
            if "emits" in chart
        },
    }


def write_click_style(charts: Charts, find_title: Callable[[str], str]) -> str:
    """Rules of style that mark, for the reader and for the script, where a click filters."""
    emitters = {key: chart for key, chart in charts.items() if "emits" in chart}
    if not emitters:
        return ""
    rules = [STYLE_OF_ALL]
    for key, chart in emitters.items():
        title = find_title(key).replace("\\", "\\\\").replace('"', '\\"')
        place = f'[data-test-chart-name="{title}"]'
        if chart["kind"] in ("table", "counts"):
            shown = list(chart["columns"]) if chart["kind"] == "table" else [chart["x"]]
            places = [shown.index(column) + 1 for column in chart["emits"]["columns"]]
            rules += [f"{place} td:nth-child({number}) {{ {FILTERS} {CLICKABLE} }}\n" for number in places]
        else:
            rules.append(f"{place} {{ {FILTERS} }}\n")
    return "".join(rules)


def _faults_of_emitter(
    sources: Sources, definition: dict[str, Any], key: str, chart: dict[str, Any]
) -> Iterator[str]:
    if "emits" not in chart:
        return
    columns, listeners = chart["emits"]["columns"], chart["emits"]["charts"]
    clickable = _list_clickable(chart)
    for column in columns:
        if column not in clickable:
            yield f"cannot emit {column}: a click on it says something else"
    if not columns or not listeners:
        yield "emits nothing, or to nobody"
    for listener in listeners:
        if listener == key or listener not in definition["charts"]:
            yield f"emits to {listener}, which is no other chart of the dashboard"
            continue
        for column in columns:
            yield from _faults_of_listener(sources, definition, chart, column, listener)


def _list_clickable(chart: dict[str, Any]) -> list[str]:
    """Columns whose value a click on the chart gives.

    A list gives each cell's, a table of counts the category's, a bar its series' or (standing only) its
    place's on the axis: a lying bar would give its length. Heat maps, numbers and radars give nothing.
    """
    if chart["kind"] == "table":
        return list(chart["columns"])
    if chart["kind"] == "counts":
        return [chart["x"]]
    if chart["kind"] == "bars" and chart.get("by"):
        return list(chart["by"])
    if chart["kind"] == "bars" and not chart.get("horizontal") and not chart.get("by_day"):
        return [chart["x"]]
    return []


def _faults_of_listener(
    sources: Sources, definition: dict[str, Any], emitter: dict[str, Any], column: str, listener: str
) -> Iterator[str]:
    chart = definition["charts"][listener]
    said = sources.tables[emitter["table"]]
    heard = sources.tables[chart["table"]]
    for spoken in dict.fromkeys((column, english_twin(column, said))):
        if spoken not in heard:
            yield f"emits {spoken} to {listener}, whose table {chart['table']} has no such column"
    for native in definition.get("filters", []):
        acts = listener in native.get("only", definition["charts"]) and listener not in native.get(
            "except", []
        )
        if acts and native.get("required") and native["column"] == column:
            yield f"emits {column} to {listener}, which the required filter {native['id']} holds to one value"
    if chart["kind"] != "table" and column not in _list_groups(chart) and not _adds_up(sources, chart):
        yield f"emits {column} to {listener}, whose figures do not add up: it would show another row's"


def _list_groups(chart: dict[str, Any]) -> list[str]:
    """Columns that a drawing has its figures by: narrowed by one, it shows fewer of the same figures."""
    found: list[str] = []
    for part in ("x", "y", "by"):
        value = chart.get(part, [])
        found += value if isinstance(value, list) else [value]
    return found


def _adds_up(sources: Sources, chart: dict[str, Any]) -> bool:
    """Whether every figure of a drawing is a sum of rows, so that it is true of any part of them."""
    metrics = sources.datasets[chart["table"]].get("metrics") or {}
    names = chart.get("metrics") or [chart["metric"]]
    return all("sum" in metrics[name] for name in names)
