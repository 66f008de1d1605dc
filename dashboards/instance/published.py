"""What the published files hold, for the import: SQL types of their columns. Runs in .venv-superset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb


def read_types(databases: Mapping[str, Path]) -> dict[str, dict[str, str]]:
    """SQL type of every column of the published files, by table and column; a file not yet there has none."""
    types: dict[str, dict[str, str]] = {}
    for path in databases.values():
        if not path.exists():
            continue
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.execute(
                "select table_name, column_name, data_type from duckdb_columns() where not internal"
            ).fetchall()
        for table, column, sql_type in rows:
            types.setdefault(table, {})[column] = sql_type
    return types
