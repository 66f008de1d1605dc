"""The nightly SQLite copy of the academic-affairs database, read as text through ADBC."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import adbc_driver_sqlite.dbapi as adbc
import pyarrow as pa

from connectors.columns import ColumnMatch, match_columns
from connectors.contract import EntityContract, load_contract
from connectors.delivery import Batch, FileRejected, LandedFile
from connectors.staging import Stage
from connectors.typing_sql import identifier


def read_database(stage: Stage, file: LandedFile) -> list[Batch]:
    """Read all tables of the contract. Rows with is_deleted are loaded too: staging models drop them.

    Raises FileRejected if the file is not a sound SQLite database, or a table or required column is missing.
    """
    contract = load_contract("academic")
    entities = [contract.entities[name] for name in file.drop.name.entities]
    # Immutable: SQLite must not put a journal beside the landed bytes.
    uri = f"file:{file.local}?mode=ro&immutable=1"
    matches = _check(uri, entities)
    batches = []
    with adbc.connect(uri) as connection, connection.cursor() as cursor:
        for entity in entities:
            cursor.execute(_select(entity, *matches[entity.name]))
            rows = _valid_text(cursor.fetch_arrow_table().slice(1))
            stage.connection.register("table_rows", rows)
            try:
                notes = matches[entity.name][1].notes
                batches.append(stage.write(file, entity, "table_rows", entity.container, notes))
            finally:
                stage.connection.unregister("table_rows")
    return batches


def _check(uri: str, entities: list[EntityContract]) -> dict[str, tuple[list[str], ColumnMatch]]:
    """The columns of each table, after SQLite's own check of the whole file."""
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise FileRejected("database_unsound")
            columns = {
                entity.name: [
                    row[1] for row in database.execute(f"PRAGMA table_info({identifier(entity.container)})")
                ]
                for entity in entities
            }
    except sqlite3.DatabaseError as error:
        raise FileRejected("database_damaged", error=type(error).__name__) from error
    if missing := [entity.container for entity in entities if not columns[entity.name]]:
        raise FileRejected("tables_missing", names=", ".join(missing))
    return {
        entity.name: (columns[entity.name], match_columns(entity, columns[entity.name]))
        for entity in entities
    }


def _select(entity: EntityContract, columns: list[str], match: ColumnMatch) -> str:
    # Bytes, not text: SQLite stores whatever it was given, and ADBC does not check that it is UTF-8.
    fields = ", ".join(
        f"CAST(CAST({identifier(columns[match.positions[name]])} AS TEXT) AS BLOB) AS {identifier(name)}"
        if name in match.positions
        else f"CAST(NULL AS BLOB) AS {identifier(name)}"
        for name in entity.fields
    )
    # ADBC takes a column's type from its first thousand rows, and INT64 where all of them are null: an
    # enrolment's hours are empty for years. A first row of bytes, dropped after the fetch, settles the types.
    typed = ", ".join(["0 AS _source_row", *(f"x'' AS {identifier(name)}" for name in entity.fields)])
    return (
        f"SELECT {typed} UNION ALL SELECT * FROM (SELECT rowid AS _source_row, {fields} "
        f"FROM {identifier(entity.container)}) ORDER BY 1"
    )


def _valid_text(table: pa.Table) -> pa.Table:
    """Bytes to text; a row with bytes that are not UTF-8 gets a `_fault` and loses those values."""
    faulty: set[int] = set()
    columns: dict[str, pa.ChunkedArray | pa.Array] = {
        "_source_row": table.column("_source_row").cast(pa.int64())
    }
    for name in table.column_names[1:]:
        column = table.column(name)
        try:
            columns[name] = column.cast(pa.string())
        except pa.ArrowInvalid:
            texts: list[str | None] = []
            for position, value in enumerate(column.to_pylist()):  # the slow path of a damaged column only
                try:
                    texts.append(None if value is None else value.decode())
                except UnicodeDecodeError:
                    faulty.add(position)
                    texts.append(None)
            columns[name] = pa.array(texts, pa.string())
    faults = (
        ["row_bytes" if position in faulty else None for position in range(table.num_rows)]
        if faulty
        else None
    )
    columns["_fault"] = pa.array(faults, pa.string()) if faults else pa.nulls(table.num_rows, pa.string())
    return pa.table(columns)
