"""Staging: typed raw Parquet and the quarantine of one batch, written set-based by DuckDB.

Data flow: a reader hands over a relation of text columns; `typing_sql` types it; good rows go to
`raw/<source>__<entity>/<batch_id>.parquet`, faults to `raw/quarantine/<batch_id>.parquet`, and what was
delivered in the faulty rows to `raw/quarantine/delivered/<batch_id>.parquet`, for people who look at them.
All are written under a temporary name, flushed and renamed; nothing counts before the ledger's commit.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

from connectors.contract import EntityContract
from connectors.delivery import Batch, LandedFile
from connectors.landing import publish_file
from connectors.reasons import ROW_FAULTS, Reason
from connectors.typing_sql import identifier, quote, rules_of, select_typed
from connectors.writers import writing
from connectors.zones import OWNER_ONLY_DIR, Zones

PARQUET = "(FORMAT parquet, COMPRESSION zstd)"
# The temporary table of a batch's rows: `_source_row`, `_fault`, `_faults`, `_delivered` and the fields.
TYPED = "typed_rows"


@dataclass(frozen=True)
class Origin:
    """Where the rows of a batch come from: what stands as provenance in each of them."""

    batch_id: str
    source: str
    source_file: str
    business_date: date
    revision: int


def _nfkc(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Unicode NFKC, trimmed; what is blank becomes null."""
    trimmed = pc.utf8_trim_whitespace(pc.utf8_normalize(texts.cast(pa.string()), form="NFKC"))
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


class Stage:
    """One DuckDB connection that reads and writes the batches of a landing run (it is not thread-safe)."""

    def __init__(self, zones: Zones, threads: int = 2, memory_limit: str = "4GB") -> None:
        self.zones = zones
        self._hold = ExitStack()
        self._hold.enter_context(writing(zones))
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
        self._hold.close()

    def write(
        self,
        file: LandedFile,
        entity: EntityContract,
        relation: str,
        container: str = "",
        notes: tuple[Reason, ...] = (),
    ) -> Batch:
        """Type the relation, write its Parquet files and count its rows.

        `relation` has `_source_row`, `_fault` (null, or one of `ROW_FAULTS`) and a VARCHAR column for each
        field of the entity. `container` names the member, table or sheet in `_source_file`. The counts
        satisfy rows_read = rows_loaded + rows_quarantined + rows_superseded.
        """
        sql = self.connection
        drop = file.drop
        source_file = f"{drop.path}#{container}" if container else drop.path
        origin = Origin(
            file.batch_id(entity.name), drop.source, source_file, drop.business_date, drop.revision
        )
        sql.execute(f"CREATE OR REPLACE TEMP TABLE {TYPED} AS {select_typed(entity, relation)}")
        good = f"_fault IS NULL AND (_faults & {fatal_mask(entity)}::UBIGINT) = 0"
        folder = self.zones.raw / f"{drop.source}__{entity.name}"
        superseded = self.write_rows(origin, entity, good, folder / f"{origin.batch_id}.parquet")
        read, kept, faulty = find_one(
            sql,
            f"SELECT count(*), count(*) FILTER (WHERE {good}), "
            f"count(*) FILTER (WHERE _fault IS NOT NULL OR _faults <> 0) FROM {TYPED}",
        )
        self._write_quarantine(origin, entity, faulty)
        self._write_delivered(origin, good, faulty)
        return Batch(
            origin.batch_id, entity.name, source_file, read, kept - superseded, read - kept, superseded, notes
        )

    def write_rows(self, origin: Origin, entity: EntityContract, good: str, target: Path) -> int:
        """Write the rows of `typed_rows` that are `good`, each key once; returns how many were superseded."""
        superseded = self._superseded(entity, good)
        provenance = {
            "_batch_id": quote(origin.batch_id),
            "_source_file": quote(origin.source_file),
            "_source_row": "_source_row",
            "_business_date": f"DATE {quote(origin.business_date.isoformat())}",
            "_revision": f"{origin.revision}::BIGINT",
        }
        columns = []
        for name, kind in entity.raw_columns().items():
            if name in entity.fields:
                columns.append(identifier(name))
            else:
                value = provenance.get(name) or f"nfkc({identifier(name.removesuffix('_nfkc'))})"
                columns.append(f"CAST({value} AS {kind}) AS {identifier(name)}")
        losers = " AND _source_row NOT IN (SELECT _source_row FROM superseded)" if superseded else ""
        self.copy(f"SELECT {', '.join(columns)} FROM {TYPED} WHERE {good}{losers}", target)
        return superseded

    def copy(self, query: str, target: Path) -> None:
        """Write the rows of a query as Parquet: aside, flushed, renamed; owner-only."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
        with _written(target) as temporary:
            self.connection.execute(f"COPY ({query}) TO {quote(str(temporary))} {PARQUET}")

    def _superseded(self, entity: EntityContract, good: str) -> int:
        """Fill the table `superseded` with the rows that lose to another version; returns their number."""
        sql = self.connection
        keys = [identifier(name) for name in entity.key or entity.fields]
        # Most files have no doubles: a plain aggregate finds out, the window runs over doubled keys only.
        sql.execute(
            f"CREATE OR REPLACE TEMP TABLE doubled AS SELECT {', '.join(keys)} FROM {TYPED} "
            f"WHERE {good} GROUP BY ALL HAVING count(*) > 1"
        )
        if find_one(sql, "SELECT count(*) FROM doubled") == (0,):
            return 0
        direction = "DESC" if entity.keep == "last" and entity.key else "ASC"
        version = f"{identifier(entity.version)} DESC NULLS LAST, " if entity.version else ""
        same = " AND ".join(f"rows_.{key} IS NOT DISTINCT FROM doubled.{key}" for key in keys)
        partition = ", ".join(f"rows_.{key}" for key in keys)
        sql.execute(
            f"""CREATE OR REPLACE TEMP TABLE superseded AS
            SELECT _source_row FROM (SELECT * FROM {TYPED} WHERE {good}) rows_ SEMI JOIN doubled ON {same}
            QUALIFY row_number() OVER (PARTITION BY {partition}
                                       ORDER BY {version}_source_row {direction}) > 1"""
        )
        (count,) = find_one(sql, "SELECT count(*) FROM superseded")
        return count

    def _write_quarantine(self, origin: Origin, entity: EntityContract, faulty: int) -> None:
        target = self.zones.quarantine / f"{origin.batch_id}.parquet"
        if not faulty:
            target.unlink(missing_ok=True)  # of an earlier reading under another contract
            return
        self.copy(f"{select_faults(origin, entity, TYPED)} ORDER BY source_row, field", target)

    def _write_delivered(self, origin: Origin, good: str, faulty: int) -> None:
        """What was delivered in faulty rows, as text; `content` tells the same row in another file."""
        target = self.zones.delivered / f"{origin.batch_id}.parquet"
        if not faulty:
            target.unlink(missing_ok=True)
            return
        self.copy(
            f"""SELECT {quote(origin.batch_id)} AS batch_id, _source_row AS source_row,
                       NOT ({good}) AS is_quarantined, _delivered AS delivered,
                       CASE WHEN _fault IS NULL THEN sha256(_delivered)[:32] END AS content
                FROM {TYPED} WHERE _fault IS NOT NULL OR _faults <> 0 ORDER BY source_row""",
            target,
        )


def fatal_mask(entity: EntityContract) -> int:
    """The bits of `_faults` that quarantine a row."""
    return sum(rule.mask for rule in rules_of(entity) if rule.action == "quarantined")


def select_faults(origin: Origin, entity: EntityContract, relation: str) -> str:
    """SQL of the quarantine of typed rows: one row per fault, none of them with a value of the row.

    A row that is quarantined lists why, not which of its other fields would have become null. The reason is
    null where `_fault` is none of `ROW_FAULTS`.
    """
    rules = ", ".join(
        f"({rule.mask}::UBIGINT, {quote(rule.field)}, {quote(rule.action)}, {quote(rule.reason.code)}, "
        f"{quote(str(rule.reason))})"
        for rule in rules_of(entity)
    )
    sentences = ", ".join(f"({quote(code)}, {quote(str(Reason(code)))})" for code in ROW_FAULTS)
    return f"""
        SELECT {quote(origin.batch_id)} AS batch_id, {quote(origin.source)} AS source,
               {quote(entity.name)} AS entity, {quote(origin.source_file)} AS source_file,
               _source_row AS source_row, field, action, reason, reason_code
        FROM (
            SELECT _source_row, NULL::VARCHAR AS field, 'quarantined' AS action, reason, _fault AS reason_code
            FROM (SELECT _source_row, _fault FROM {relation} WHERE _fault IS NOT NULL) unread
            LEFT JOIN (VALUES {sentences}) sentences(code, reason) ON code = _fault
            UNION ALL
            SELECT _source_row, field, action, reason, reason_code
            FROM (SELECT _source_row, _faults FROM {relation} WHERE _faults <> 0) faulty
            JOIN (VALUES {rules}) rules(mask, field, action, reason_code, reason) ON (_faults & mask) <> 0
            WHERE action = 'quarantined' OR (_faults & {fatal_mask(entity)}::UBIGINT) = 0
        )"""


def select_quarantine(path: Path) -> str:
    """SQL of a quarantine file's rows; one that an older version wrote has no code of its reasons: null."""
    return (
        "(SELECT NULL::VARCHAR AS reason_code WHERE false "
        f"UNION ALL BY NAME SELECT * FROM read_parquet({quote(str(path))}))"
    )


def find_one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    """The one row of an aggregate."""
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
