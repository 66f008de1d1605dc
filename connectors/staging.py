"""Staging: typed raw Parquet and the quarantine of one batch, written set-based by DuckDB.

Data flow: a reader hands over a relation of text columns; `typing_sql` types it; good rows go to
`raw/<source>__<entity>/<batch_id>.parquet`, faults to `raw/quarantine/<batch_id>.parquet`. Both are written
under a temporary name, flushed and renamed; nothing counts before the ledger's commit.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

from connectors.contract import EntityContract
from connectors.delivery import Batch, LandedFile
from connectors.landing import publish_file
from connectors.typing_sql import identifier, quote, rules_of, select_typed
from connectors.zones import OWNER_ONLY_DIR, Zones

_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"
_TYPED = "typed_rows"


def _nfkc(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Unicode NFKC, trimmed; what is blank becomes null."""
    trimmed = pc.utf8_trim_whitespace(pc.utf8_normalize(texts.cast(pa.string()), form="NFKC"))
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


class Stage:
    """One DuckDB connection that reads and writes the batches of a landing run (it is not thread-safe)."""

    def __init__(self, zones: Zones, threads: int = 2, memory_limit: str = "4GB") -> None:
        self.zones = zones
        self.connection = duckdb.connect(
            ":memory:", config={"threads": threads, "memory_limit": memory_limit}
        )
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET autoinstall_known_extensions = false")
        # Rows that do not fit into memory hold names: they go where only the owner reads.
        self._spill = zones.landing / f".spill-{os.getpid()}"
        self.connection.execute(f"SET temp_directory = {quote(str(self._spill))}")
        self.connection.create_function("nfkc", _nfkc, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)

    def close(self) -> None:
        """Close the connection; nothing of it outlives the run."""
        self.connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def write(
        self, file: LandedFile, entity: EntityContract, relation: str, container: str = "", note: str = ""
    ) -> Batch:
        """Type the relation, write its Parquet files and count its rows.

        `relation` has `_source_row`, `_fault` and a VARCHAR column for each field of the entity. `container`
        names the member, table or sheet in `_source_file`. The counts satisfy
        rows_read = rows_loaded + rows_quarantined + rows_superseded.
        """
        sql = self.connection
        batch_id = file.batch_id(entity.name)
        source_file = f"{file.drop.path}#{container}" if container else file.drop.path
        sql.execute(f"CREATE OR REPLACE TEMP TABLE {_TYPED} AS {select_typed(entity, relation)}")
        fatal = sum(rule.mask for rule in rules_of(entity) if rule.action == "quarantined")
        good = f"_fault IS NULL AND (_faults & {fatal}::UBIGINT) = 0"
        superseded = self._superseded(entity, good)
        provenance = {
            "_batch_id": quote(batch_id),
            "_source_file": quote(source_file),
            "_source_row": "_source_row",
            "_business_date": f"DATE {quote(file.drop.business_date.isoformat())}",
            "_revision": f"{file.drop.revision}::BIGINT",
        }
        columns = []
        for name, kind in entity.raw_columns().items():
            if name in entity.fields:
                columns.append(identifier(name))
            else:
                value = provenance.get(name) or f"nfkc({identifier(name.removesuffix('_nfkc'))})"
                columns.append(f"CAST({value} AS {kind}) AS {identifier(name)}")
        folder = self.zones.raw / f"{file.drop.source}__{entity.name}"
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
        losers = " AND _source_row NOT IN (SELECT _source_row FROM superseded)" if superseded else ""
        with _written(folder / f"{batch_id}.parquet") as target:
            sql.execute(
                f"COPY (SELECT {', '.join(columns)} FROM {_TYPED} WHERE {good}{losers}) "
                f"TO {quote(str(target))} {_PARQUET}"
            )
        read, kept, faulty = _one(
            sql,
            f"SELECT count(*), count(*) FILTER (WHERE {good}), "
            f"count(*) FILTER (WHERE _fault IS NOT NULL OR _faults <> 0) FROM {_TYPED}",
        )
        self._write_quarantine(file, entity, batch_id, source_file, fatal, faulty)
        return Batch(
            batch_id, entity.name, source_file, read, kept - superseded, read - kept, superseded, note
        )

    def _superseded(self, entity: EntityContract, good: str) -> int:
        """Fill the table `superseded` with the rows that lose to another version; returns their number."""
        sql = self.connection
        keys = [identifier(name) for name in entity.key or entity.fields]
        # Most files have no doubles: a plain aggregate finds out, the window runs over doubled keys only.
        sql.execute(
            f"CREATE OR REPLACE TEMP TABLE doubled AS SELECT {', '.join(keys)} FROM {_TYPED} "
            f"WHERE {good} GROUP BY ALL HAVING count(*) > 1"
        )
        if _one(sql, "SELECT count(*) FROM doubled") == (0,):
            return 0
        direction = "DESC" if entity.keep == "last" and entity.key else "ASC"
        version = f"{identifier(entity.version)} DESC NULLS LAST, " if entity.version else ""
        same = " AND ".join(f"rows_.{key} IS NOT DISTINCT FROM doubled.{key}" for key in keys)
        partition = ", ".join(f"rows_.{key}" for key in keys)
        sql.execute(
            f"""CREATE OR REPLACE TEMP TABLE superseded AS
            SELECT _source_row FROM (SELECT * FROM {_TYPED} WHERE {good}) rows_ SEMI JOIN doubled ON {same}
            QUALIFY row_number() OVER (PARTITION BY {partition}
                                       ORDER BY {version}_source_row {direction}) > 1"""
        )
        (count,) = _one(sql, "SELECT count(*) FROM superseded")
        return count

    def _write_quarantine(
        self,
        file: LandedFile,
        entity: EntityContract,
        batch_id: str,
        source_file: str,
        fatal: int,
        faulty: int,
    ) -> None:
        target = self.zones.quarantine / f"{batch_id}.parquet"
        if not faulty:
            target.unlink(missing_ok=True)  # of an earlier reading under another contract
            return
        rules = ", ".join(
            f"({rule.mask}::UBIGINT, {quote(rule.field)}, {quote(rule.action)}, {quote(rule.reason)})"
            for rule in rules_of(entity)
        )
        self.zones.quarantine.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
        with _written(target) as temporary:
            # A row that is quarantined lists why, not which of its other fields would have become null.
            self.connection.execute(
                f"""COPY (
                SELECT {quote(batch_id)} AS batch_id, {quote(file.drop.source)} AS source,
                       {quote(entity.name)} AS entity, {quote(source_file)} AS source_file,
                       _source_row AS source_row, field, action, reason
                FROM (
                    SELECT _source_row, NULL::VARCHAR AS field, 'quarantined' AS action, _fault AS reason
                    FROM {_TYPED} WHERE _fault IS NOT NULL
                    UNION ALL
                    SELECT _source_row, field, action, reason
                    FROM (SELECT _source_row, _faults FROM {_TYPED} WHERE _faults <> 0) faulty
                    JOIN (VALUES {rules}) rules(mask, field, action, reason) ON (_faults & mask) <> 0
                    WHERE action = 'quarantined' OR (_faults & {fatal}::UBIGINT) = 0
                ) ORDER BY _source_row, field)
                TO {quote(str(temporary))} {_PARQUET}"""
            )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    if row is None:
        raise RuntimeError("an aggregate gave no row")
    return row


@contextmanager
def _written(final: Path) -> Iterator[Path]:
    """Write under a temporary name; publish only if the block ends well."""
    temporary = final.with_name(f".part-{os.getpid()}-{final.name}")
    try:
        yield temporary
        publish_file(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
