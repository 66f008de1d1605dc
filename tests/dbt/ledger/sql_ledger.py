"""The credit ledger of the dbt project on any raw rows: its compiled SQL, run in memory.

The statements are those that dbt compiled for a whole night (tests/dbt/conftest.py builds one), in the order
of their dependencies; a broken rule is put in by editing a statement's text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from connectors.contract import load_contract
from ganxun.settings import SOURCES
from tests.dbt.ledger.histories import NIGHT
from tests.dbt.ledger.naive_ledger import World

LEDGER = "model.ganxun.int_training_ledger"
ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True)
class Model:
    """One model of the ledger's lineage: `statement` is None where it is not SQL."""

    name: str
    schema: str
    materialized: str
    statement: str | None


def find_lineage(manifest: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Unique ids of the ledger's models, parents first, and of the seeds they read."""
    models: list[str] = []
    seeds: set[str] = set()

    def visit(unique_id: str) -> None:
        if unique_id.startswith("seed."):
            seeds.add(unique_id)
        elif unique_id.startswith("model.") and unique_id not in models:
            for parent in manifest["nodes"][unique_id]["depends_on"]["nodes"]:
                visit(parent)
            models.append(unique_id)

    visit(LEDGER)
    return models, sorted(seeds)


class SqlLedger:
    """A database in memory with the seeds and empty raw tables; `compute` runs the models on a world."""

    def __init__(self, work_file: Path, target: Path, manifest: dict[str, Any]) -> None:
        self._connection = duckdb.connect(config={"threads": 1})  # few rows: a second costs more than it does
        self._connection.execute("set timezone = 'Asia/Shanghai'")
        self._connection.execute(f"attach '{work_file}' as built (read_only)")
        self._connection.execute("attach ':memory:' as work")
        self._connection.execute("use work")
        model_ids, seed_ids = find_lineage(manifest)
        nodes = [manifest["nodes"][unique_id] for unique_id in (*seed_ids, *model_ids)]
        for schema in ("raw", *sorted({node["schema"] for node in nodes})):
            self._connection.execute(f"create schema {schema}")
        for seed in seed_ids:
            node = manifest["nodes"][seed]
            table = f"{node['schema']}.{node['alias']}"
            self._connection.execute(f"create table {table} as from built.{table}")
        self._raw = {
            f"{source}__{entity.name}": entity.raw_columns()
            for source in SOURCES
            for entity in load_contract(source).entities.values()
        }
        for table, columns in self._raw.items():
            spelled = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            self._connection.execute(f"create table raw.{table} ({spelled})")
        # What the night's build puts beside the exports: the ledger's own tables, the key's secret.
        for (table,) in self._connection.execute(
            "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'raw'"
        ).fetchall():
            self._connection.execute(f"create table raw.{table} as from built.raw.{table} limit 0")
        self._connection.execute("insert into raw.ops__secret values ('test')")
        self.models = [self._load(manifest["nodes"][unique_id], target) for unique_id in model_ids]

    def close(self) -> None:
        """Let go of the built city: others in this process cannot open its file while it is attached here."""
        self._connection.close()

    def _load(self, node: dict[str, Any], target: Path) -> Model:
        materialized = node["config"]["materialized"]
        if node["language"] != "sql":
            return Model(node["name"], node["schema"], materialized, None)
        file = target / "compiled" / "ganxun" / node["original_file_path"]
        return Model(node["name"], node["schema"], materialized, file.read_text())

    def compute(
        self, world: World, broken: dict[str, tuple[str, str]] | None = None
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """Ledger rows by source and source_record_id. `broken`: model > (text, text in its place)."""
        for table, columns in self._raw.items():
            self._connection.execute(f"truncate raw.{table}")
            rows = world.get(table.replace("__", "."), [])
            if rows:
                self._insert(table, columns, rows)
        for model in self.models:
            name = f"{model.schema}.{model.name}"
            if model.statement is None:
                # a model in Python needs many people to learn from; nobody here is left for it
                self._connection.execute(f"create or replace table {name} as from built.{name} limit 0")
                continue
            statement = model.statement
            if broken and model.name in broken:
                old, new = broken[model.name]
                assert old in statement, f"{model.name} has no {old!r} any more: say how to break it now"
                statement = statement.replace(old, new)
            kind = "view" if model.materialized == "view" else "table"
            self._connection.execute(f"create or replace {kind} {name} as {statement}")
        ledger = (
            self._connection.execute("from intermediate.int_training_ledger").to_arrow_table().to_pylist()
        )
        for row in ledger:
            if row["evidence_grade"] == "backfill":  # the batch in its name is the warehouse's own
                row["source_record_id"] = f"backfill/{row['source_row']}"
        found = {(row["source"], row["source_record_id"]): row for row in ledger}
        assert len(found) == len(ledger), "a source record stands twice in the ledger"
        return found

    def _insert(self, table: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
        schema = pa.schema([(name, ARROW_TYPES[kind]) for name, kind in columns.items()])
        complete = list(_complete(table, columns, rows))
        self._connection.register("new_rows", pa.Table.from_pylist(complete, schema=schema))
        self._connection.execute(f"insert into raw.{table} by name from new_rows")
        self._connection.unregister("new_rows")


def _complete(table: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows as landing writes them: with lineage and with normalised texts."""
    for number, row in enumerate(rows, start=1):
        full = dict.fromkeys(columns) | row
        for name in columns:
            if name.endswith("_nfkc") and row.get(name.removesuffix("_nfkc")) is not None:
                text = unicodedata.normalize("NFKC", row[name.removesuffix("_nfkc")]).strip()
                full[name] = text or None
        yield full | {
            "_batch_id": table,
            "_source_file": "workbook.xlsx" if "backfill" in table else f"{table}.csv",
            "_source_row": number,
            "_business_date": NIGHT,
            "_revision": 1,
        }
