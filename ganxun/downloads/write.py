"""`ganxun export`: a published table or a query as a workbook or CSV file that a spreadsheet opens rightly.

Rows go from DuckDB to the file in batches, whatever their number. The file appears under its name when it is
complete; one with names is readable by its owner only, from its first byte on.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors.zones import OWNER_ONLY_FILE
from ganxun.downloads.cells import guard_text
from ganxun.downloads.workbook import Heading, WorkbookWriter
from ganxun.query import open_published_file
from ganxun.settings import Settings
from words.published_tables import Column, read_formats, read_schemas, read_tables

PUBLIC_FILE = 0o644
BATCH_ROWS = 10_000
SUFFIXES = (".xlsx", ".csv")
# D3's formats, which the charts are written by, as looks of a cell.
LOOKS = {".1%": "rate", ".0%": "rate", ",d": "count", ",.1f": "decimal", ",.0f": "count"}
TEXTS = {
    "zh": {"data": "数据", "notes": "口径说明", "table": "数据表", "as_of": "数据截至", "run": "批次",
           "rows": "行数", "column": "列", "field": "字段", "meaning": "说明", "query": "查询"},
    "en": {"data": "Data", "notes": "Definitions", "table": "Table", "as_of": "As of", "run": "Run",
           "rows": "Rows", "column": "Column", "field": "Field", "meaning": "Meaning", "query": "Query"},
}  # fmt: skip


class DownloadError(ValueError):
    """What was asked for cannot be exported; the message says why and holds no data."""


@dataclass(frozen=True)
class Downloaded:
    """What was written."""

    file: Path
    rows: int
    columns: list[str]


@dataclass(frozen=True)
class Wanted:
    """What to export: a query, and the table that it is all of, if it is one."""

    sql: str
    title: str
    table: str | None = None


def find_table(table: str, restricted: bool) -> Wanted:
    """The whole of a published table. Raises `DownloadError` for no table, or one of the other file."""
    schema = read_schemas().get(table)
    if schema is None:
        raise DownloadError(f"no published table is called {table}: docs/data-dictionary.md lists them")
    if (schema == "restricted") != restricted:
        raise DownloadError(
            f"{table} holds names: --restricted"
            if not restricted
            else f"{table} is not in the restricted file"
        )
    _, texts = read_tables()
    return Wanted(f'select * from {schema}."{table}"', texts[table]["zh"], table)


def export(
    settings: Settings, wanted: Wanted, out: Path, *, restricted: bool = False, lang: str = "zh"
) -> Downloaded:
    """Write the rows of `wanted` to `out`. Raises `DownloadError`, `TooManyRowsError` or DuckDB's errors."""
    if out.suffix not in SUFFIXES:
        raise DownloadError(f"{out.name}: the file ends in {' or '.join(SUFFIXES)}")
    file = settings.zones.restricted if restricted else settings.zones.warehouse
    with open_published_file(file, settings.timezone) as connection:
        cursor = connection.execute(wanted.sql)
        names = [str(column[0]) for column in cursor.description or []]
        headings = make_headings(names, wanted.table, lang)
        rows = _Counted(cursor)
        with _appearing(out, OWNER_ONLY_FILE if restricted else PUBLIC_FILE) as new:
            if out.suffix == ".csv":
                _write_csv(new, headings, rows)
            else:
                _write_workbook(new, headings, rows, wanted, names, settings, lang)
    return Downloaded(out, rows.count, names)


def make_headings(names: Sequence[str], table: str | None, lang: str) -> list[Heading]:
    """Labels and looks of columns: those of the table, or for a query those that all tables agree on."""
    known = _describe_columns(table)
    looks = _find_looks(table)
    return [
        Heading(known[name].label[lang] if name in known else name, looks.get(name, "plain"))
        for name in names
    ]


def _describe_columns(table: str | None) -> dict[str, Column]:
    tables, _ = read_tables()
    if table is not None:
        return tables[table]
    found: dict[str, Column] = {}
    differing: set[str] = set()
    for columns in tables.values():
        for name, column in columns.items():
            if found.setdefault(name, column).label != column.label:
                differing.add(name)
    return {name: column for name, column in found.items() if name not in differing}


def _find_looks(table: str | None) -> dict[str, str]:
    formats = read_formats()
    chosen = [formats.get(table, {})] if table is not None else list(formats.values())
    found: dict[str, set[str]] = {}
    for columns in chosen:
        for name, number_format in columns.items():
            found.setdefault(name, set()).add(LOOKS.get(number_format, "plain"))
    return {name: looks.pop() for name, looks in found.items() if len(looks) == 1}


class _Counted:
    """Rows of a cursor, batch by batch, and how many they were."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self.count = 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while batch := self._cursor.fetchmany(BATCH_ROWS):
            self.count += len(batch)
            yield from batch


def _write_csv(target: Path, headings: Sequence[Heading], rows: _Counted) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guard_text(heading.title) for heading in headings])
        for row in rows:
            writer.writerow([guard_text(value) if isinstance(value, str) else value for value in row])


def _write_workbook(
    target: Path,
    headings: Sequence[Heading],
    rows: _Counted,
    wanted: Wanted,
    names: Sequence[str],
    settings: Settings,
    lang: str,
) -> None:
    texts, known = TEXTS[lang], _describe_columns(wanted.table)
    as_of, run = _find_run(settings)
    with WorkbookWriter(target) as workbook:
        workbook.add_table(texts["data"], headings, rows)
        about = [
            (texts["as_of"], as_of, ""),
            (texts["run"], run, ""),
            (texts["table"] if wanted.table else texts["query"], wanted.table or wanted.sql, wanted.title),
            (texts["rows"], f"{rows.count:,}", ""),
            ("", "", ""),
            (texts["column"], texts["field"], texts["meaning"]),
        ]
        meanings = [
            (heading.title, name, known[name].description if name in known else "")
            for heading, name in zip(headings, names, strict=True)
        ]
        workbook.add_notes(texts["notes"], [*about, *meanings], (28, 34, 90))


def _find_run(settings: Settings) -> tuple[str, str]:
    """Business date and run of what is published."""
    from ganxun.steps.published_links import find_published_run

    run = find_published_run(settings.zones) or ""
    with open_published_file(settings.zones.warehouse, settings.timezone) as connection:
        found = connection.execute("select business_date from ops.ops_run where run_id = ?", [run]).fetchone()
    return (found[0].isoformat() if found else "", run)


@contextmanager
def _appearing(out: Path, mode: int) -> Iterator[Path]:
    """A file beside `out` that takes its place when the block ends well, and vanishes when it does not."""
    descriptor, name = tempfile.mkstemp(dir=out.resolve().parent, prefix=f".{out.stem}-", suffix=out.suffix)
    os.close(descriptor)
    new = Path(name)
    try:
        yield new
        new.chmod(mode)
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)
