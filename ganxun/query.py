"""`ganxun sql`: the published warehouse for analysts, read-only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True)
class QueryResult:
    """Columns and rows of one query; rows as dictionaries, JSON-able with `default=str`."""

    columns: list[str]
    rows: list[dict[str, Any]]


def run_query(file: Path, query: str, timezone: str) -> QueryResult:
    """Run one query on a published file, read-only and without access to other files."""
    with open_published_file(file, timezone) as connection:
        relation = connection.sql(query)
        if relation is None:
            return QueryResult([], [])
        columns = list(relation.columns)
        return QueryResult(columns, [dict(zip(columns, row, strict=True)) for row in relation.fetchall()])


@contextmanager
def open_published_file(file: Path, timezone: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a published file, its schemas in the search path, no other file in reach."""
    config: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": False}
    with duckdb.connect(str(file), read_only=True, config=config) as connection:
        connection.execute(f"set timezone = '{timezone}'")
        connection.execute(_search_path(file))
        yield connection


def open_shell(file: Path, timezone: str) -> int:
    """Open DuckDB's own shell on a published file, read-only. Returns its exit code."""
    shell = Path(sys.executable).with_name("duckdb")
    settings = f"set timezone = '{timezone}'; {_search_path(file)}"
    return subprocess.call([str(shell), "-readonly", "-cmd", settings, str(file)])


def _search_path(file: Path) -> str:
    schemas = "restricted" if file.name.startswith("warehouse_restricted") else "marts,ops"
    return f"set search_path = '{schemas}'"
