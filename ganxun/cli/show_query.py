"""The answer of a query for people and for spreadsheets; machines get its rows as JSON."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

from ganxun.cli.tables import Column, show_table, show_text

if TYPE_CHECKING:
    from rich.console import Console

    from ganxun.query import QueryResult


def show_result(result: QueryResult, console: Console, limit: int) -> None:
    """Print a result; at most `limit` rows (0: all), saying so."""
    shown = result.rows[:limit] if limit else result.rows
    columns = [
        Column(name, is_number=all(isinstance(row[name], int | float | None) for row in shown))
        for name in result.columns
    ]
    if not columns:
        return
    show_table(console, columns, [[_shown(row[name]) for name in result.columns] for row in shown])
    if len(shown) < len(result.rows):
        show_text(console, f"{len(shown):,} of {len(result.rows):,} rows; --limit 0, --csv, --json: all")


def write_csv(result: QueryResult, file: TextIO) -> None:
    """Write all rows as CSV with a line of headings, values as the database has them."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([row[name] for name in result.columns] for row in result.rows)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
