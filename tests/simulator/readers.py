"""Readers of the drop that share no code with the simulator or the connectors."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa


def zip_members(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest, and the other members' bytes; zipfile checks each CRC."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(members.pop("manifest.json")), members


def csv_rows(content: bytes) -> list[dict[str, str]]:
    text = _text(content).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def ndjson(path: Path) -> list[dict[str, Any]]:
    """Every line that is JSON; gzip checks the CRC."""
    items = []
    for line in gzip.decompress(path.read_bytes()).decode("utf-8-sig").splitlines():
        try:
            items.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return items


def academy_items(drop: Path, resource: str) -> list[dict[str, Any]]:
    """All items of the good files of all nights."""
    return [
        item for path in sorted(drop.glob(f"academy/*/{resource}-0001.ndjson.gz")) for item in ndjson(path)
    ]


def statements(drop: Path) -> list[dict[str, Any]]:
    return [item for path in sorted(drop.glob("mobile/*/statements-0001.ndjson.gz")) for item in ndjson(path)]


def newest_copy(drop: Path) -> Path:
    return max(drop.glob("academic/JWGL_*.sqlite"))


def sqlite_rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def sqlite_column(path: Path, table: str, column: str) -> set[Any]:
    return {value for (value,) in sqlite_rows(path, f"SELECT {column} FROM {table}")}


def newest_books(drop: Path) -> dict[str, list[dict[str, str]]]:
    """The four CSV files of the newest readable cadre zip, as rows."""
    for path in sorted(drop.glob("cadre/*.zip"), reverse=True):
        try:
            return {name: csv_rows(content) for name, content in zip_members(path)[1].items()}
        except zipfile.BadZipFile:
            continue
    raise AssertionError("no readable zip")


def parquet(path: Path) -> pa.Table:
    return duckdb.sql(f"SELECT * FROM read_parquet('{path}')").to_arrow_table()
