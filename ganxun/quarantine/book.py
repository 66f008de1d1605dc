"""The book of quarantined rows: what is left out of what counts now, why, and what was decided about it.

One DuckDB connection with the tables `batch`, `decision`, `decided_row`, `matched` and `work`: one row per
fault of a quarantined row (grain: batch, row, field, reason), with `state` (open, returned, released,
discarded) and `is_waiting` (decided, and the next run will let it take effect). None of them holds a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from connectors.ledger import Ledger
from connectors.ledger_decided import JOIN_DECIDED, find_quarantine_file
from connectors.staging import Stage
from connectors.typing_sql import quote
from connectors.zones import Zones
from ganxun.quarantine.decisions import read_decisions
from ganxun.quarantine.matching import match_decisions, register_batches
from ganxun.settings import Settings

# States in which somebody still has to look at a row: it was never decided, or what was decided did not do.
OPEN = ("open", "returned")
_EVER = "9999-12-31"
# Of snapshots only the newest counts, of a workbook its newest saving, of what changed everything.
_IN_USE = f"""
WITH candidate AS (
    SELECT *, row_number() OVER (PARTITION BY source, keep, business_date
                                 ORDER BY revision DESC, file_id DESC) AS place,
           max(business_date) OVER (PARTITION BY source, keep) AS newest,
           row_number() OVER (PARTITION BY source, path ORDER BY business_date DESC, file_id DESC) AS saving
    FROM file WHERE status = 'loaded')
SELECT batch.batch_id, decided.stem FROM candidate JOIN batch USING (file_id) {JOIN_DECIDED}
WHERE batch.rows_quarantined > 0
  AND ((candidate.keep = 'all' AND (candidate.is_dated OR candidate.saving = 1))
       OR (candidate.keep <> 'all' AND candidate.place = 1 AND candidate.business_date = candidate.newest))
"""
_FAULT_COLUMNS = {
    "batch_id": "VARCHAR", "source": "VARCHAR", "entity": "VARCHAR", "source_file": "VARCHAR",
    "source_row": "BIGINT", "field": "VARCHAR", "action": "VARCHAR", "reason": "VARCHAR",
    "decision_id": "VARCHAR", "decided_on": "DATE",
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """Which faults are meant; None: any. `reason` is a part of the reason, `target` a row or a group."""

    source: str | None = None
    entity: str | None = None
    field: str | None = None
    reason: str | None = None
    business_date: date | None = None
    target: str | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """SQL over `work`, with its parameters."""
        parts: list[str] = ["true"]
        values: list[Any] = []
        for column in ("source", "entity", "field", "business_date"):
            value = getattr(self, column)
            if value is not None:
                parts.append(f"{column} = ?")
                values.append(value)
        if self.reason is not None:
            parts.append("contains(reason, ?)")
            values.append(self.reason)
        if self.target is not None:
            parts.append("(row_id = ? OR group_id = ?)")
            values += [self.target, self.target]
        return " AND ".join(parts), values


class Book:
    """Asks the book; every answer is a list of rows with plain values."""

    def __init__(self, stage: Stage, zones: Zones) -> None:
        self.stage = stage
        self.zones = zones

    def ask(self, sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """Rows of a query over the book's tables."""
        result = self.stage.connection.execute(sql, parameters or [])
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def list_groups(self, wanted: Filter, *, open_only: bool) -> list[dict[str, Any]]:
        """One row per source, entity, field and reason: rows by state, files, newest date."""
        condition, values = wanted.condition()
        rows_in = "count(DISTINCT row_id) FILTER (WHERE {})".format
        opened = rows_in("state IN ('open', 'returned')")
        return self.ask(
            f"""SELECT group_id AS "group", source, entity, field, reason, {opened} AS rows_open,
                       {rows_in("state = 'returned'")} AS rows_returned,
                       {rows_in("state = 'released'")} AS rows_released,
                       {rows_in("state = 'discarded'")} AS rows_discarded,
                       {rows_in("is_waiting")} AS rows_waiting,
                       count(DISTINCT source_file) AS files,
                       CAST(max(business_date) AS VARCHAR) AS newest_business_date
                FROM work WHERE {condition} GROUP BY group_id, source, entity, field, reason
                {f"HAVING {opened} > 0" if open_only else ""}
                ORDER BY rows_open DESC, source, entity, field, reason""",
            values,
        )

    def list_rows(self, wanted: Filter, limit: int, *, payload: bool = False) -> list[dict[str, Any]]:
        """One row per fault, the newest file first; with what was delivered only where `payload` says so."""
        condition, values = wanted.condition()
        rows = self.ask(
            f"""SELECT row_id AS id, source_file, source_row, entity, field, reason, state, is_waiting,
                       decision_id, batch_id
                FROM work WHERE {condition}
                ORDER BY business_date DESC, source_file, source_row, field LIMIT {limit}""",
            values,
        )
        if payload:
            self._add_payload(rows)
        for row in rows:
            del row["batch_id"]
        return rows

    def list_unmatched(self) -> list[dict[str, Any]]:
        """Decisions about rows that are not in quarantine here, with why, and how many rows."""
        return self.ask(
            """SELECT decision.decision_id, decision, source, entity, count(*) AS rows,
                      CASE WHEN here.sha256 IS NULL THEN 'its file has not been loaded here'
                           ELSE 'the row is read without such a fault now' END AS why
               FROM decided_row JOIN decision USING (decision_id)
               LEFT JOIN loaded_file here USING (source, sha256)
               WHERE NOT EXISTS (SELECT 1 FROM matched JOIN batch USING (batch_id)
                                 WHERE matched.decision_id = decided_row.decision_id
                                   AND matched.source_row = decided_row.source_row
                                   AND batch.sha256 = decided_row.sha256)
               GROUP BY ALL ORDER BY ALL"""
        )

    def _add_payload(self, rows: list[dict[str, Any]]) -> None:
        wanted = {row["batch_id"] for row in rows}
        paths = [self.zones.delivered / f"{batch_id}.parquet" for batch_id in sorted(wanted)]
        files = ", ".join(quote(str(path)) for path in paths if path.exists())
        delivered: dict[tuple[str, int], str] = {}
        if files:
            numbers = ", ".join(str(row["source_row"]) for row in rows)
            delivered = {
                (one["batch_id"], one["source_row"]): one["delivered"]
                for one in self.ask(
                    f"SELECT batch_id, source_row, delivered FROM read_parquet([{files}]) "
                    f"WHERE source_row IN ({numbers})"
                )
            }
        decided = {one["decision_id"]: one for one in self.ask("SELECT * FROM decision")}
        for row in rows:
            row["delivered"] = delivered.get((row["batch_id"], row["source_row"]))
            decision = decided.get(row["decision_id"])
            for name in ("decided_by", "decided_at", "why", "corrections"):
                row[name] = decision[name] if decision else None


@contextmanager
def open_book(settings: Settings, ledger: Ledger) -> Iterator[Book]:
    """The book as it stands now. Raises `DecisionsUnreadable`."""
    zones = settings.zones
    stage = Stage(zones, settings.threads, settings.memory_limit)
    try:
        sql = stage.connection
        register_batches(sql, ledger)
        match_decisions(sql, zones, read_decisions(zones))
        files = ledger.query("SELECT DISTINCT source, sha256 FROM file WHERE status = 'loaded'")
        loaded = pa.table(
            {name: pa.array([row[name] for row in files], pa.string()) for name in ("source", "sha256")}
        )
        sql.register("loaded_file", loaded)
        _write_work(stage, zones, ledger)
        yield Book(stage, zones)
    finally:
        stage.close()


def _write_work(stage: Stage, zones: Zones, ledger: Ledger) -> None:
    in_use = ledger.query(_IN_USE, {"day": _EVER})
    paths = [find_quarantine_file(zones, row["batch_id"], row["stem"]) for row in in_use]
    files = ", ".join(quote(str(path)) for path in paths if path.exists())
    nothing = ", ".join(f"NULL::{kind} AS {name}" for name, kind in _FAULT_COLUMNS.items())
    read = f"UNION ALL BY NAME SELECT * FROM read_parquet([{files}], union_by_name = true)" if files else ""
    stage.connection.execute(
        f"""CREATE TEMP TABLE work AS
        WITH fault AS (SELECT {nothing} WHERE false {read}),
        newest AS (
            SELECT batch_id, source_row, decision_id, decision FROM matched
            QUALIFY row_number() OVER (PARTITION BY batch_id, source_row
                                       ORDER BY decided_at DESC, decision_id DESC) = 1)
        SELECT fault.batch_id, fault.source, fault.entity, fault.source_file, fault.source_row, field, reason,
               batch.sha256, batch.business_date,
               coalesce(newest.decision_id, fault.decision_id) AS decision_id,
               newest.decision_id IS NOT NULL
                   AND newest.decision_id IS DISTINCT FROM fault.decision_id AS is_waiting,
               CASE WHEN newest.decision_id IS DISTINCT FROM fault.decision_id
                         AND newest.decision_id IS NOT NULL THEN newest.decision
                    WHEN action IN ('released', 'discarded') THEN action
                    WHEN fault.decision_id IS NOT NULL THEN 'returned'
                    ELSE 'open' END AS state,
               fault.batch_id[:12] || '-' || fault.source_row AS row_id,
               'g' || md5(concat_ws('|', fault.source, fault.entity, coalesce(field, ''), reason))[:8]
                   AS group_id
        FROM fault
        JOIN batch ON batch.batch_id = fault.batch_id
        LEFT JOIN newest ON newest.batch_id = fault.batch_id AND newest.source_row = fault.source_row
        WHERE action IN ('quarantined', 'released', 'discarded')"""
    )
