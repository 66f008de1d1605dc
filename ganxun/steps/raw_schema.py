"""Schema `raw` of a work file: all that dbt starts from (docs/architecture.md, raw schema).

Views on the raw Parquet that counts at a business date, the ledger's tables, the secret of the pseudonymous
key and what is known of identity. Written by a night's build and by the developers' workbench.
"""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path

import duckdb

from connectors.contract import load_contract
from connectors.ledger import Ledger
from connectors.ledger_tables import ops_tables
from connectors.zones import OWNER_ONLY_FILE, Zones
from ganxun.settings import SOURCES
from ganxun.steps.failures import StepFailed
from ganxun.steps.identity_inputs import add_identity_tables
from ganxun.steps.older_reasons import fill_codes


class NoSnapshot(StepFailed):
    """No cadre snapshot counts at the business date: there is nothing to build on."""

    code = "no_people"


def write_raw_schema(work_file: Path, zones: Zones, ledger: Ledger, business_date: date) -> None:
    """Create the work file (owner-only) with schema `raw`.

    Raises `NoSnapshot`, and `DecisionsUnreadable` of `ganxun.steps.identity_inputs`.
    """
    batches = ledger.effective_batches(business_date)
    if not batches.get("cadre__person"):
        raise NoSnapshot(
            f"no readable cadre snapshot up to {business_date}: without people there is nothing to build"
        )
    with duckdb.connect(str(work_file)) as connection:
        work_file.chmod(OWNER_ONLY_FILE)
        connection.execute("create schema raw")
        for source in SOURCES:
            for entity in load_contract(source).entities.values():
                files = batches.get(f"{source}__{entity.name}", [])
                connection.execute(
                    f'create view raw."{source}__{entity.name}" as '
                    + _select_raw(entity.raw_columns(), files)
                )
        for name, table in ops_tables(ledger, business_date).items():
            connection.register("ops_table", table)
            connection.execute(f"create table raw.ops__{name} as select * from ops_table")
            connection.unregister("ops_table")
        for name in ("batch", "quarantine"):
            fill_codes(connection, f"raw.ops__{name}")
        connection.execute("create table raw.ops__secret (secret varchar)")
        connection.execute("insert into raw.ops__secret values (?)", [_find_secret(zones.keys)])
        add_identity_tables(connection, zones, business_date)


def _select_raw(columns: dict[str, str], files: list[Path]) -> str:
    """SQL over Parquet files with the contract's columns; a column that an older file lacks is null."""
    if not files:
        nulls = ", ".join(f'cast(null as {sql_type}) as "{name}"' for name, sql_type in columns.items())
        return f"select {nulls} where false"
    names = ", ".join(f'cast("{name}" as {sql_type}) as "{name}"' for name, sql_type in columns.items())
    nothing = ", ".join(f'null::{sql_type} as "{name}"' for name, sql_type in columns.items())
    paths = ", ".join("'" + str(path.resolve()).replace("'", "''") + "'" for path in files)
    return (
        f"select {names} from (select {nothing} where false union all by name "
        f"select * from read_parquet([{paths}], union_by_name = true))"
    )


def _find_secret(keys: Path) -> str:
    """The deployment's secret for `cadre_key`: made once, owner-only, never changed (keys stay stable)."""
    path = keys / "cadre_key"
    if not path.exists():
        temporary = keys / f"cadre_key.{secrets.token_hex(4)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    return path.read_text()
