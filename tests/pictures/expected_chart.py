"""What a chart must show, read from the published files by its definition: another way than Superset's.

A chart asks Superset for data; the answer is compared with a query that is written here from the definition
(table, fixed filters, figures) and from the filters that the page says are set.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from dashboards.compiler.compile_dataset import AGGREGATES, DATABASE_OF_SCHEMA
from dashboards.compiler.sources import Sources

Rows = list[dict[str, Any]]
# Superset adds up or rounds nothing, but DuckDB adds doubles in any order.
DIGITS = 6


@dataclass(frozen=True)
class Answer:
    """What the browser asked for a chart, and what it got."""

    filters: list[dict[str, Any]]
    rows: Rows


@dataclass(frozen=True)
class Published:
    """The two published files of a data directory."""

    folder: Path
    sources: Sources

    def query(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on one of the files: `warehouse` or `restricted`."""
        name = {"warehouse": "warehouse.duckdb", "restricted": "warehouse_restricted.duckdb"}[database]
        with duckdb.connect(str(self.folder / name), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(sql).fetchall()


def literal(value: Any) -> str:
    """A value as SQL."""
    if isinstance(value, bool | int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def condition(column: str, wanted: Any) -> str:
    """A fixed filter of a definition as SQL (see chart_kinds.make_filters)."""
    if isinstance(wanted, list):
        return f'"{column}" in ({", ".join(literal(value) for value in wanted)})'
    if wanted is None:
        return f'"{column}" is not null'
    for operator in (">", "<="):
        if isinstance(wanted, str) and wanted.startswith(f"{operator} "):
            return f'"{column}" {operator} {float(wanted.removeprefix(operator))}'
    return f'"{column}" = {literal(wanted)}'


def list_groups(chart: dict[str, Any]) -> list[str]:
    """Columns that a drawing has its figures by."""
    return [column for part in ("x", "y", "by") for column in _as_list(chart.get(part)) if column]


def find_schema(published: Published, table: str) -> str:
    """The schema of a dataset's table."""
    return str(published.sources.datasets[table].get("schema", "marts"))


def read_expected(
    published: Published,
    chart: dict[str, Any],
    answer: Answer,
    visible: str = "true",
) -> list[tuple[Any, ...]]:
    """Rows that the chart must show: raw rows of a table, else one row for each group.

    `visible` is the condition on rows that the reader may see.
    """
    table = chart["table"]
    schema = find_schema(published, table)
    metrics = published.sources.datasets[table].get("metrics") or {}
    conditions = [condition(column, wanted) for column, wanted in chart.get("where", {}).items()]
    conditions += [
        f'"{each["col"]}" in ({", ".join(literal(value) for value in each["val"])})'
        for each in answer.filters
        if each["op"] == "IN"
    ]
    where = " and ".join([visible, *conditions])
    if chart["kind"] == "table":
        shown = [
            c for c in chart["columns"] if c not in (published.sources.datasets[table].get("links") or {})
        ]
        columns = ", ".join(f'"{column}"' for column in shown)
        sql = f"select {columns} from {schema}.{table} where {where}"
    else:
        groups = list_groups(chart)
        figures = []
        for name in _as_list(chart.get("metrics") or chart.get("metric")):
            (word,) = (word for word in AGGREGATES if word in metrics[name])
            figures.append(AGGREGATES[word].format(*_as_list(metrics[name][word])))
        columns = ", ".join([f'"{column}"' for column in groups] + figures)
        sql = f"select {columns} from {schema}.{table} where {where}"
        if groups:
            sql += " group by " + ", ".join(f'"{column}"' for column in groups)
    return published.query(DATABASE_OF_SCHEMA[schema], sql)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def plain(value: Any) -> Any:
    """A value as it can be compared: instants as milliseconds, numbers rounded."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return round(moment.timestamp() * 1000)
    if isinstance(value, date):
        return round(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000)
    if isinstance(value, Decimal | float | int):
        number = float(value)
        return None if math.isnan(number) else round(number, DIGITS) + 0.0
    return str(value)


def difference(chart: dict[str, Any], expected: list[tuple[Any, ...]], answer: Answer) -> str | None:
    """What the answer shows otherwise than the published file says; None: nothing.

    Tables are compared row by row, drawings by all their values, because Superset turns groups into columns.
    A limit of rows may leave rows out, but shows none that is not there.
    """
    if chart["kind"] == "table":
        links = len(answer.rows[0]) - len(expected[0]) if answer.rows and expected else 0
        names = list(answer.rows[0]) if answer.rows else []
        kept = (
            names
            if links == 0
            else [
                name
                for name, column in zip(names, chart["columns"], strict=True)
                if not column.removesuffix("_en").endswith("_link")
            ]
        )
        got = Counter(tuple(plain(row[name]) for name in kept) for row in answer.rows)
        right = Counter(tuple(plain(value) for value in row) for row in expected)
    else:
        groups = list_groups(chart)
        # Superset turns series into columns, and gives each cell of a heat map its rank.
        got = Counter(
            plain(value)
            for row in answer.rows
            for name, value in row.items()
            if name not in (*groups, "rank") and value is not None
        )
        right = Counter(plain(value) for row in expected for value in row[len(groups) :] if value is not None)
        if groups and answer.rows and groups[0] in answer.rows[0]:
            shown = {plain(row[groups[0]]) for row in answer.rows}
            if not shown <= {plain(row[0]) for row in expected}:
                return f"places on the axis {groups[0]} that are not published"
    extra, missing = got - right, right - got
    is_limited = sum(right.values()) > sum(got.values()) and len(answer.rows) >= chart.get("limit", 10_000)
    if extra or (missing and not is_limited):
        return f"{sum(extra.values())} shown that are not published, {sum(missing.values())} not shown"
    return None


def as_shown(value: Any, number_format: str) -> str:
    """A number as the screen writes it (the d3 formats that definitions use)."""
    if value is None:
        return "N/A"
    if number_format == "date":
        return value.strftime("%Y-%m-%d")
    if number_format.endswith("%"):
        digits = int(number_format[1:-1])
        # Browsers round half up, Python half to even.
        scaled = math.floor(value * 100 * 10**digits + 0.5 + 1e-9) / 10**digits
        return f"{scaled:.{digits}f}%"
    if number_format == ",d":
        return f"{round(value):,}"
    digits = int(number_format[2:-1])
    return f"{math.floor(value * 10**digits + 0.5 + 1e-9) / 10**digits:,.{digits}f}"
