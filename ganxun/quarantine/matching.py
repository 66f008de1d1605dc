"""Which decision is about which quarantined row of the batches that are here: set-based, by hash joins.

A decision is about the row that it names (content of the file, number of the row), and about the same row
delivered again in a later export of the table: a snapshot brings every fault again each night, and nobody
should have to decide about it each morning. The newest decision on a row holds.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from connectors.ledger import Ledger
from connectors.typing_sql import quote
from connectors.zones import Zones
from ganxun.quarantine.decisions import Decision, register_decisions

_BATCH = pa.schema(
    [(name, pa.string()) for name in ("batch_id", "source", "entity", "sha256", "business_date",
                                      "source_file")]
    + [(name, pa.int64()) for name in ("file_id", "revision", "rows_read", "rows_loaded", "rows_quarantined",
                                       "rows_superseded")]
)  # fmt: skip


def register_batches(connection: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    """Create the table `batch`: every loaded batch, as it was landed, that has quarantined rows."""
    rows = ledger.query(
        f"SELECT {', '.join('batch.' + name for name in _BATCH.names)} FROM batch "
        "WHERE status = 'loaded' AND rows_quarantined > 0"
    )
    columns = [pa.array([row[field.name] for row in rows], field.type) for field in _BATCH]
    table = pa.table(columns, schema=_BATCH)
    connection.register("landed_batches", table)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE batch AS "
        "SELECT * REPLACE (CAST(business_date AS DATE) AS business_date) FROM landed_batches"
    )
    connection.unregister("landed_batches")


def match_decisions(connection: duckdb.DuckDBPyConnection, zones: Zones, decisions: list[Decision]) -> None:
    """Create the table `matched`: batch, row and decision, of every decision that is about the row.

    `connection` has the table `batch`; the tables `decision` and `decided_row` are made here too.
    """
    register_decisions(connection, decisions)
    candidates = connection.execute(
        """
        SELECT DISTINCT batch.batch_id FROM batch JOIN (
            SELECT source, entity, min(business_date) AS first_date, list(DISTINCT sha256) AS contents
            FROM decision JOIN decided_row USING (decision_id) GROUP BY ALL) named USING (source, entity)
        WHERE batch.business_date >= first_date OR list_contains(contents, batch.sha256)"""
    ).fetchall()
    paths = [zones.delivered / f"{batch_id}.parquet" for (batch_id,) in candidates]
    files = ", ".join(quote(str(path)) for path in paths if path.exists())
    delivered = f"read_parquet([{files}])" if files else (
        "(SELECT '' AS batch_id, 0::BIGINT AS source_row, '' AS content, true AS is_quarantined WHERE false)"
    )  # fmt: skip
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE matched AS
        WITH decided AS (
            SELECT decision_id, decision, decided_at, counts_from, corrections, source, entity, sha256,
                   business_date, source_row, content
            FROM decision JOIN decided_row USING (decision_id)),
        here AS (
            SELECT batch_id, delivered.source_row, delivered.content, batch.source, batch.entity,
                   batch.sha256, batch.business_date
            FROM {delivered} delivered JOIN batch USING (batch_id) WHERE is_quarantined)
        SELECT batch_id, here.source_row, decision_id, decision, decided_at, counts_from, corrections
        FROM here JOIN decided USING (source, entity, sha256, source_row)
        UNION ALL
        SELECT batch_id, here.source_row, decision_id, decision, decided_at, counts_from, corrections
        FROM here JOIN decided USING (source, entity, content)
        WHERE here.sha256 <> decided.sha256 AND here.business_date >= decided.business_date"""
    )
