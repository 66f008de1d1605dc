"""The ledger as Arrow tables: the raw tables of source `ops` (batch, quarantine, held, check, run)."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.dataset as ds

from connectors.ledger import Ledger
from connectors.ledger_decided import JOIN_DECIDED, find_quarantine_file

_INSTANT = pa.timestamp("us", "UTC")
_SCHEMAS: dict[str, pa.Schema] = {
    "batch": pa.schema([
        ("batch_id", pa.string()), ("source", pa.string()), ("entity", pa.string()),
        ("business_date", pa.date32()), ("revision", pa.int64()), ("source_file", pa.string()),
        ("sha256", pa.string()), ("bytes", pa.int64()), ("rows_read", pa.int64()),
        ("rows_loaded", pa.int64()), ("rows_quarantined", pa.int64()),
        ("rows_superseded", pa.int64()), ("rows_discarded", pa.int64()),
        ("status", pa.string()), ("reason", pa.string()), ("landed_at", _INSTANT),
        ("reason_code", pa.string())]),
    "held": pa.schema([
        ("source", pa.string()), ("source_file", pa.string()), ("entity", pa.string()),
        ("business_date", pa.date32()), ("rows_now", pa.int64()), ("rows_before", pa.int64()),
        ("nights_before", pa.int64()), ("fall_limit", pa.float64())]),
    "check": pa.schema([
        ("run_id", pa.string()), ("stage", pa.string()), ("suite", pa.string()), ("table_name", pa.string()),
        ("expectation", pa.string()), ("column_name", pa.string()), ("severity", pa.string()),
        ("success", pa.bool_()), ("observed", pa.string()), ("unexpected_count", pa.int64()),
        ("message", pa.string()), ("checked_at", _INSTANT), ("code", pa.string()), ("facts", pa.string())]),
    "run": pa.schema([
        ("run_id", pa.string()), ("business_date", pa.date32()), ("started_at", _INSTANT),
        ("finished_at", _INSTANT), ("status", pa.string()), ("rule_version", pa.string()),
        ("code_version", pa.string())]),
    "quarantine": pa.schema([
        ("batch_id", pa.string()), ("source", pa.string()), ("entity", pa.string()),
        ("source_file", pa.string()), ("source_row", pa.int64()), ("field", pa.string()),
        ("action", pa.string()), ("reason", pa.string()), ("decided_on", pa.date32()),
        ("reason_code", pa.string())]),
}  # fmt: skip


_BATCHES_UP_TO = f"""
FROM batch JOIN file USING (file_id) {JOIN_DECIDED}
WHERE max(batch.business_date, file.counts_from) <= :day
"""
# What people decided about quarantined rows changes the counts of a batch, and nothing else of it.
_BATCH_COLUMNS = ", ".join(
    f"coalesce(decided.{name}, batch.{name}) AS {name}"
    if name in ("rows_loaded", "rows_quarantined", "rows_superseded")
    else "coalesce(decided.rows_discarded, 0) AS rows_discarded"
    if name == "rows_discarded"
    else f"batch.{name}"
    for name in _SCHEMAS["batch"].names
)

# Of several contents under one path that were held, the newest.
_HELD = """
SELECT file.source, file.path AS source_file, held_rows.entity, file.business_date,
       held_rows.rows_compared AS rows_now, rows_before, nights_before, fall_limit
FROM file JOIN held_rows USING (file_id)
WHERE file.status = 'held' AND rows_before IS NOT NULL AND max(business_date, counts_from) <= :day
  AND NOT EXISTS (SELECT 1 FROM file AS later WHERE later.source = file.source AND later.path = file.path
                  AND later.status = 'held' AND later.file_id > file.file_id)
"""


def ops_tables(ledger: Ledger, business_date: date) -> dict[str, pa.Table]:
    """Tables `batch`, `quarantine`, `held`, `check` and `run` as they stand, for a build at `business_date`.

    batch and quarantine: files with a business date up to it that had been exported by then, of every
    status, with what people had decided by then; check and run: all.
    """
    day = business_date.isoformat()
    return {
        "batch": _table(ledger, "batch", f"SELECT {_BATCH_COLUMNS} {_BATCHES_UP_TO}", day),
        "quarantine": _quarantine(ledger, day),
        "held": _table(ledger, "held", _HELD, day),
        "check": _table(ledger, "check", "SELECT * FROM check_result", day),
        "run": _table(ledger, "run", "SELECT * FROM run", day),
    }


def _table(ledger: Ledger, name: str, sql: str, day: str) -> pa.Table:
    rows = ledger.query(sql, {"day": day})
    columns = []
    for field in _SCHEMAS[name]:
        values = [row[field.name] for row in rows]
        if pa.types.is_boolean(field.type):
            columns.append(pa.array(values, pa.int64()).cast(pa.bool_()))
        elif pa.types.is_date(field.type) or pa.types.is_timestamp(field.type):
            columns.append(pa.array(values, pa.string()).cast(field.type))
        else:
            columns.append(pa.array(values, field.type))
    return pa.table(columns, schema=_SCHEMAS[name])


def _quarantine(ledger: Ledger, day: str) -> pa.Table:
    """Quarantine of loaded batches (those of a file that was rejected later do not count)."""
    rows = ledger.query(
        f"SELECT batch.batch_id, decided.stem {_BATCHES_UP_TO} AND batch.status = 'loaded'", {"day": day}
    )
    paths = [find_quarantine_file(ledger.zones, row["batch_id"], row["stem"]) for row in rows]
    files = [str(path) for path in paths if path.exists()]
    if not files:
        return _SCHEMAS["quarantine"].empty_table()
    return ds.dataset(files, schema=_SCHEMAS["quarantine"]).to_table()
