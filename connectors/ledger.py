"""The ledger: every file, batch, check and run, in one SQLite file that several processes may write.

A file's batches appear in one transaction with its status: a crash between writing Parquet and this commit
leaves nothing visible, and the next run reads the file again under the same batch ids.
"""

from __future__ import annotations

import fcntl
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from connectors.check_outcome import CheckOutcome
from connectors.delivery import Batch, DropFile, LandedFile
from connectors.ledger_decided import JOIN_DECIDED, SCHEMA_DECIDED, DecidedVersion, find_rows_file
from connectors.ledger_schema import ADDED, SCHEMA, insert_into
from connectors.reasons import Reason
from connectors.zones import OWNER_ONLY_FILE, Zones

FileStatus = Literal["landed", "loaded", "duplicate", "rejected", "held"]
# The entity of a batch row that stands for a whole file: nothing of it was read.
WHOLE_FILE = "*"
_REVISION = re.compile(r"_r\d+(?=\.[^/]*$)")
_BUSY_TIMEOUT_MS = 60_000


@dataclass(frozen=True)
class KnownFile:
    """A file that the ledger has seen."""

    path: str
    sha256: str
    status: FileStatus
    reason: str | None
    contract: str
    business_date: date


def strip_revision(path: str) -> str:
    """The path that all revisions (`_r2` …) of a file share."""
    return _REVISION.sub("", path)


def now() -> str:
    """This instant in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Ledger:
    """Writes and reads the ledger of one data directory. One object a process; every call commits."""

    def __init__(self, zones: Zones) -> None:
        self.zones = zones
        zones.ledger.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(zones.ledger, timeout=_BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        # Four landings open a new ledger at once, and SQLite does not wait for the switch to WAL.
        with zones.ledger.with_suffix(".lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                f"busy_timeout = {_BUSY_TIMEOUT_MS}",
                "foreign_keys = ON",
            ):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.executescript(SCHEMA + SCHEMA_DECIDED)
            self._bring_up_to_date()
            zones.ledger.chmod(OWNER_ONLY_FILE)

    def _bring_up_to_date(self) -> None:
        """Add the columns that an older ledger lacks."""
        if "counts_from" not in self._list_columns("file"):
            with self._transaction() as database:
                database.execute("ALTER TABLE file ADD COLUMN counts_from TEXT NOT NULL DEFAULT ''")
                # What held then: a file counts from its own date on.
                database.execute("UPDATE file SET counts_from = business_date")
        for table, column, kind in ADDED:
            if column not in self._list_columns(table):
                self._database.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def _list_columns(self, table: str) -> set[str]:
        return {row["name"] for row in self._database.execute(f"PRAGMA table_info({table})")}

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """Rows of a reading statement."""
        return self._database.execute(sql, parameters).fetchall()

    # --- files and batches -------------------------------------------------------------------------------

    def known_by_fingerprint(self, source: str, path: str, fingerprint: str) -> KnownFile | None:
        """The finished file at this path that has not been written to since; None: its bytes must be read."""
        if not fingerprint:
            return None
        return self._known("source = ? AND path = ? AND fingerprint = ?", (source, path, fingerprint))

    def known_by_content(self, source: str, path: str, sha256: str) -> KnownFile | None:
        """The file with this path and content, if it was seen before."""
        return self._known("source = ? AND path = ? AND sha256 = ?", (source, path, sha256))

    def loaded_elsewhere(self, file: LandedFile) -> str | None:
        """Path of a loaded file with the same content that makes this one a duplicate; None: it is new.

        Of a delta source any name counts; the same snapshot under another date is that date's snapshot.
        """
        drop = file.drop
        rows = self.query(
            "SELECT path FROM file WHERE source = ? AND sha256 = ? AND path <> ? AND status = 'loaded' "
            "AND (? OR business_date = ?) ORDER BY file_id LIMIT 1",
            (drop.source, file.sha256, drop.path, drop.name.pattern.is_delta, drop.business_date.isoformat()),
        )
        return rows[0]["path"] if rows else None

    def has_loaded_revision(self, drop: DropFile) -> bool:
        """Whether the same path, or a revision of it (`_r2` …), is loaded."""
        rows = self.query(
            "SELECT path FROM file WHERE source = ? AND business_date = ? "
            "AND status IN ('loaded', 'duplicate')",
            (drop.source, drop.business_date.isoformat()),
        )
        return strip_revision(drop.path) in {strip_revision(row["path"]) for row in rows}

    def _known(self, where: str, parameters: tuple[Any, ...]) -> KnownFile | None:
        rows = self.query(
            f"SELECT * FROM file WHERE {where} AND status <> 'landed' ORDER BY file_id DESC LIMIT 1",
            parameters,
        )
        if not rows:
            return None
        row = rows[0]
        day = date.fromisoformat(row["business_date"])
        return KnownFile(row["path"], row["sha256"], row["status"], row["reason"], row["contract"], day)

    def touch(self, file: LandedFile) -> None:
        """Remember the new fingerprint of a known file, so that its bytes need not be read next time."""
        self.query(
            "UPDATE file SET fingerprint = ? WHERE source = ? AND path = ? AND sha256 = ?",
            (file.drop.fingerprint, file.drop.source, file.drop.path, file.sha256),
        )

    def record(
        self,
        file: LandedFile,
        contract_digest: str,
        status: FileStatus,
        batches: Iterable[Batch] = (),
        reason: Reason | None = None,
    ) -> None:
        """Set the status of a file together with its batches, in one transaction.

        A `duplicate`, `rejected` or `held` file gets one batch row without rows (entity `*` if it holds
        several): nothing of it counts. A replay replaces what an earlier, unfinished or rejected reading had
        recorded. Of several notes on a batch the first gives the code.
        """
        drop, at = file.drop, now()
        day = drop.business_date.isoformat()
        with self._transaction() as database:
            database.execute(
                "INSERT INTO file (source, path, sha256, bytes, fingerprint, business_date, revision,"
                " is_dated, keep, status, reason, contract, landed_at, counts_from, reason_code)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT (source, path, sha256) DO UPDATE SET fingerprint = excluded.fingerprint,"
                " business_date = excluded.business_date, status = excluded.status,"
                " reason = excluded.reason, contract = excluded.contract, counts_from = excluded.counts_from,"
                " reason_code = excluded.reason_code",
                (drop.source, drop.path, file.sha256, file.size, drop.fingerprint, day, drop.revision,
                 drop.name.business_date is not None, drop.name.pattern.keep, status,
                 str(reason) if reason else None, contract_digest, at,
                 (drop.counts_from or drop.business_date).isoformat(), reason.code if reason else None),
            )  # fmt: skip
            row = database.execute(
                "SELECT file_id, landed_at FROM file WHERE source = ? AND path = ? AND sha256 = ?",
                (drop.source, drop.path, file.sha256),
            ).fetchone()
            database.execute("DELETE FROM batch WHERE file_id = ?", (row["file_id"],))
            if status in ("duplicate", "rejected", "held"):
                entities = drop.name.entities
                entity = entities[0] if len(entities) == 1 else WHOLE_FILE
                batches = [
                    Batch(file.batch_id(entity), entity, drop.path, 0, 0, 0, 0, (reason,) if reason else ())
                ]
            database.executemany(
                insert_into(
                    "batch",
                    *("batch_id", "file_id", "source", "entity", "business_date", "revision", "source_file"),
                    *("sha256", "bytes", "rows_read", "rows_loaded", "rows_quarantined", "rows_superseded"),
                    *("status", "reason", "landed_at", "reason_code"),
                ),
                [
                    (batch.batch_id, row["file_id"], drop.source, batch.entity, day,
                     drop.revision, batch.source_file, file.sha256, file.size, batch.rows_read,
                     batch.rows_loaded, batch.rows_quarantined, batch.rows_superseded, status,
                     batch.note or None, row["landed_at"],
                     batch.notes[0].code if batch.notes else None)
                    for batch in batches
                ],
            )  # fmt: skip

    def replace_held_rows(self, file: LandedFile, rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep numbers of a file at the gate: entity, its rows, and what is compared (`falls.Fall`)."""
        drop = file.drop
        with self._transaction() as database:
            (file_id,) = database.execute(
                "SELECT file_id FROM file WHERE source = ? AND path = ? AND sha256 = ?",
                (drop.source, drop.path, file.sha256),
            ).fetchone()
            database.execute("DELETE FROM held_rows WHERE file_id = ?", (file_id,))
            database.executemany(
                insert_into(
                    "held_rows",
                    *("file_id", "entity", "rows_now", "rows_compared", "rows_before", "nights_before"),
                    "fall_limit",
                ),
                [(file_id, *row) for row in rows],
            )

    def add_acceptances(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows of the table `acceptance` in one transaction; who accepted a content first stands."""
        with self._transaction() as database:
            database.executemany(
                insert_into(
                    "acceptance",
                    *("source", "path", "sha256", "accepted_at", "accepted_by", "reason", "numbers"),
                )
                + " ON CONFLICT DO NOTHING",
                rows,
            )

    def effective_batches(self, business_date: date) -> dict[str, list[Path]]:
        """Parquet files that count at a date, by raw table (`<source>__<entity>`), oldest first.

        cadre: the highest loaded revision of every date; academic: that of the newest date; academy, mobile
        and back-fill workbooks: all, but of a workbook that was saved again under its name only the newest
        saving. Only business dates up to `business_date`, and of these only what had been exported by then
        (`counts_from`). A table without any loaded batch is not a key: make it empty
        from `EntityContract.raw_columns()`.
        """
        rows = self.query(
            f"""
            WITH candidate AS (
                SELECT *, row_number() OVER (PARTITION BY source, keep, business_date
                                             ORDER BY revision DESC, file_id DESC) AS place,
                       max(business_date) OVER (PARTITION BY source, keep) AS newest,
                       row_number() OVER (PARTITION BY source, path
                                          ORDER BY business_date DESC, file_id DESC) AS saving
                FROM file WHERE status = 'loaded' AND business_date <= :day AND counts_from <= :day)
            SELECT batch.source, batch.entity, batch.batch_id, decided.stem
            FROM candidate JOIN batch USING (file_id) {JOIN_DECIDED}
            WHERE (candidate.keep = 'all' AND (candidate.is_dated OR candidate.saving = 1))
               OR (candidate.place = 1 AND
                  (candidate.keep = 'each_date' OR candidate.business_date = candidate.newest))
            ORDER BY batch.source, batch.entity, candidate.business_date, candidate.revision, candidate.path
            """,
            {"day": business_date.isoformat()},
        )
        found: dict[str, list[Path]] = {}
        for row in rows:
            table = f"{row['source']}__{row['entity']}"
            found.setdefault(table, []).append(
                find_rows_file(self.zones, row["source"], row["entity"], row["batch_id"], row["stem"])
            )
        return found

    def replace_decided(self, batch_ids: Iterable[str], versions: Iterable[DecidedVersion]) -> None:
        """Let these versions of decided batches count, and no other ones of the batches: all or nothing."""
        with self._transaction() as database:
            database.executemany(
                "DELETE FROM batch_decided WHERE batch_id = ?", [(batch_id,) for batch_id in batch_ids]
            )
            database.executemany(
                insert_into("batch_decided", *(one.name for one in fields(DecidedVersion))),
                [astuple(one) for one in versions],
            )

    def newest_business_date(self, source: str, up_to: date) -> date | None:
        """The newest night that a source has delivered up to a date; None: nothing yet.

        A back-fill workbook has no night of its own and does not count.
        """
        rows = self.query(
            "SELECT max(business_date) AS day FROM file WHERE source = ? "
            "AND status IN ('loaded', 'duplicate') AND is_dated AND max(business_date, counts_from) <= ?",
            (source, up_to.isoformat()),
        )
        return date.fromisoformat(rows[0]["day"]) if rows[0]["day"] else None

    def rows_of_previous_snapshot(self, file: LandedFile) -> dict[str, int]:
        """Rows loaded by entity in the last snapshot before this one; empty for a delta or a first one."""
        drop = file.drop
        if drop.name.pattern.is_delta:
            return {}
        rows = self.query(
            """
            SELECT entity, rows_loaded FROM batch WHERE file_id = (
                SELECT file_id FROM file WHERE source = ? AND keep = ? AND status = 'loaded'
                AND (business_date, revision) <= (?, ?) AND NOT (path = ? AND sha256 = ?)
                ORDER BY business_date DESC, revision DESC, file_id DESC LIMIT 1)
            """,
            (drop.source, drop.name.pattern.keep, drop.business_date.isoformat(), drop.revision, drop.path,
             file.sha256),
        )  # fmt: skip
        return {row["entity"]: row["rows_loaded"] for row in rows}

    # --- runs and checks ---------------------------------------------------------------------------------

    def start_run(
        self, run_id: str, business_date: date, rule_version: str = "", code_version: str = ""
    ) -> None:
        """Record that a night's run has begun (status `running`)."""
        self.query(
            "INSERT INTO run (run_id, business_date, started_at, status, rule_version, code_version) "
            "VALUES (?, ?, ?, 'running', ?, ?)",
            (run_id, business_date.isoformat(), now(), rule_version, code_version),
        )

    def finish_run(self, run_id: str, status: str) -> None:
        """Record how a run ended: `published`, `aside` (built to compare with), `rejected` or `failed`.

        `rejected`: its marts failed their checks.
        """
        self.query("UPDATE run SET status = ?, finished_at = ? WHERE run_id = ?", (status, now(), run_id))

    def record_checks(self, run_id: str, stage: str, suite: str, outcomes: Sequence[CheckOutcome]) -> None:
        """Append outcomes of expectations. `stage` is `landing` or `marts`; a landing has its own run id."""
        at = now()
        with self._transaction() as database:
            database.executemany(
                insert_into(
                    "check_result",
                    *("run_id", "stage", "suite", "table_name", "expectation", "column_name", "severity"),
                    *("success", "observed", "unexpected_count", "message", "checked_at", "code", "facts"),
                ),
                [
                    (run_id, stage, suite, one.table, one.expectation, one.column, one.severity,
                     int(one.success), one.observed, one.unexpected_count, one.message, at, one.code,
                     json.dumps(dict(one.facts), ensure_ascii=False, allow_nan=False))
                    for one in outcomes
                ],
            )  # fmt: skip
