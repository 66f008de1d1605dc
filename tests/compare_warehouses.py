"""Two published warehouses, table by table: equal in all that depends on the data only."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import duckdb

# Tables that tell of runs and their clock, and columns with the time of landing: not of the data.
OF_RUNS = {"ops.ops_run", "ops.ops_check"}
OF_LANDING = {"landed_at", "newest_landed_at"}
# Since when somebody is tied to a cadre is told by the nights that were run; who is, by identity_link.
OF_FORMER_NIGHTS = {"restricted.identity_history"}
# Where a row came from: of two files with the same content, the one that came first.
OF_PLACE = {"batch_id", "source_file", "source_row"}


def read_facts(version: Path) -> dict[str, tuple]:
    """The same of marts and restricted tables only, whichever nights were run before and whichever of several
    equal files their rows came from."""
    tables = read_tables(version, without=OF_LANDING | OF_PLACE)
    return {
        name: rows
        for name, rows in tables.items()
        if not name.startswith("ops.") and name not in OF_FORMER_NIGHTS
    }


def read_tables(version: Path, without: Set[str] = frozenset(OF_LANDING)) -> dict[str, tuple]:
    """Rows and an order-free hash of all rows of every published table that depends on the data only."""
    found: dict[str, tuple] = {}
    for name in ("warehouse.duckdb", "warehouse_restricted.duckdb"):
        with duckdb.connect(str(version / name), read_only=True) as connection:
            tables: dict[str, list[str]] = {}
            for schema, table, column in connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns() "
                "where schema_name in ('marts', 'ops', 'restricted') order by all"
            ).fetchall():
                tables.setdefault(f"{schema}.{table}", []).append(column)
            for table, columns in tables.items():
                if table in OF_RUNS:
                    continue
                kept = ", ".join(f'"{column}"' for column in columns if column not in without)
                row = connection.execute(
                    f"select count(*), sum(hash(r)::hugeint) from (select row({kept}) as r from {table})"
                ).fetchone()
                found[table] = row or ()
    return found


def differing(left: dict[str, tuple], right: dict[str, tuple]) -> list[str]:
    """Names of the tables that are not equal."""
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
