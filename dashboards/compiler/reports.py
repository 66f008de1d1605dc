"""Scheduled reports and alerts as people write them (`definitions/reports/*.yaml`), and the tables they send.

A report sends a dashboard's picture or a table; an alert asks one SELECT for a number first. A table that is
sent is a chart of its own in the bundle: what a mail shows, its link shows, with the same rows. Both
environments import this module (PyYAML only); only the server setup has reports.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboards.compiler.chart_kinds import make_params
from dashboards.compiler.naming import VERSION, Files, make_uuid
from dashboards.compiler.sources import HERE, DefinitionError, Sources
from yaml_files import read_yaml

FOLDER = HERE / "definitions" / "reports"
LOOK = ("format", "dashboard", "height", "table", "where", "order", "columns")
KEYS = {"type", "name", "description", "schedule", "sql", "above", *LOOK}
FORMATS = {"dashboard": {"PNG", "PDF"}, "table": {"CSV", "TEXT"}}
ROW_LIMIT = 10_000


@dataclass(frozen=True)
class Report:
    """One scheduled mail; `sql` and `above` make it an alert."""

    key: str
    name: str
    description: str
    schedule: str
    format: str
    dashboard: str | None = None
    height: int | None = None
    table: str | None = None
    where: dict[str, Any] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    sql: str | None = None
    above: float | None = None

    @property
    def chart_uuid(self) -> str:
        """The chart that is sent."""
        return make_uuid("report", self.key)


def read_reports(folder: Path = FOLDER) -> list[Report]:
    """Every report and alert, by file name. Raises `DefinitionError` for one that cannot be sent."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        written = read_yaml(path)
        unknown = written.keys() - KEYS
        if unknown:
            raise DefinitionError(f"reports/{path.stem}: unknown keys {', '.join(sorted(unknown))}")
        kind = written.pop("type")
        report = Report(key=path.stem, **written)
        _check(report, kind)
        found.append(report)
    return found


def _check(report: Report, kind: str) -> None:
    where = f"reports/{report.key}"
    if (report.dashboard is None) == (report.table is None):
        raise DefinitionError(f"{where}: it sends either a dashboard or a table")
    if report.format not in FORMATS["dashboard" if report.dashboard else "table"]:
        raise DefinitionError(f"{where}: {report.format} cannot be sent of that")
    if (kind == "alert") != (report.sql is not None) or (kind == "alert") != (report.above is not None):
        raise DefinitionError(f"{where}: an alert, and only an alert, has `sql` and `above`")
    if kind not in ("alert", "report"):
        raise DefinitionError(f"{where}: {kind} is neither an alert nor a report")


def compile_reports(sources: Sources, reports: list[Report]) -> Files:
    """The charts that are sent, by their paths in the bundle. Raises `DefinitionError`."""
    return {
        f"charts/reports/{report.key}.yaml": _make_chart(sources, report)
        for report in reports
        if report.table
    }


def _make_chart(sources: Sources, report: Report) -> dict[str, Any]:
    table = str(report.table)
    labels = sources.tables.get(table, {})
    named = [*report.columns, *report.where, *(text.split()[0] for text in report.order)]
    unknown = [column for column in named if column not in labels]
    if unknown:
        raise DefinitionError(f"reports/{report.key}: {table} has no column {', '.join(unknown)}")
    formats = sources.formats.get(table, {})
    chart = {
        "kind": "table",
        "where": report.where,
        "order": report.order,
        "limit": ROW_LIMIT,
        "columns": {column: {"title": labels[column].label["zh"]} for column in report.columns},
    }
    viz_type, params = make_params(chart, formats)
    return {
        "slice_name": report.name,
        "description": report.description.strip(),
        "viz_type": viz_type,
        "params": params,
        "query_context": json.dumps(_make_query(report, params)),
        "uuid": report.chart_uuid,
        "version": VERSION,
        "dataset_uuid": make_uuid("dataset", table),
    }


def _make_query(report: Report, params: dict[str, Any]) -> dict[str, Any]:
    """What the worker asks when it makes the attachment: a chart that nobody saved in a browser has none."""
    filters = [
        {"col": rule["subject"], "op": rule["operator"], "val": rule.get("comparator")}
        for rule in params["adhoc_filters"]
    ]
    return {
        # The import puts the dataset's id in.
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [
            {
                "columns": report.columns,
                # None and not an empty list: rows as they are, not grouped.
                "metrics": None,
                "filters": filters,
                "orderby": [json.loads(order) for order in params["order_by_cols"]],
                "row_limit": ROW_LIMIT,
                "annotation_layers": [],
                "applied_time_extras": {},
                "extras": {},
                "post_processing": [],
                "url_params": {},
            }
        ],
        "form_data": params,
        "result_format": "json",
        "result_type": "full",
    }
