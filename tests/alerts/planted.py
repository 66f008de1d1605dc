"""A data directory in any state of a night, planted in seconds: a real ledger and a small published file.

Whole nights are run for real in tests/dags/test_alerts.py.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from connectors.contract import load_contract
from connectors.delivery import DropFile, LandedFile
from connectors.falls import Fall
from connectors.held_files import keep_held_rows
from connectors.ledger import FileStatus, Ledger
from connectors.reasons import Reason
from ganxun.settings import SOURCES, Settings
from ganxun.steps.build import find_input_digest

NIGHT = date(2026, 6, 30)
DAY_BEFORE = NIGHT - timedelta(days=1)
# 05:40 and 06:31 of the morning after the night, in Shanghai.
BEFORE_THE_HOUR = datetime(2026, 6, 30, 21, 40, tzinfo=UTC)
AFTER_THE_HOUR = datetime(2026, 6, 30, 22, 31, tzinfo=UTC)
FILES = {
    "cadre": "cadre/GBGL_{:%Y%m%d}.zip",
    "academic": "academic/JWGL_{:%Y%m%d}.sqlite",
    "academy": "academy/{:%Y%m%d}/sessions-0001.ndjson.gz",
    "mobile": "mobile/dt={:%Y-%m-%d}/statements-0001.ndjson.gz",
}


def _land(source: str, path: str, day: date, status: FileStatus) -> LandedFile:
    name = load_contract(source).interpret(path)
    assert name is not None
    drop = DropFile(source, path, "", day, name.revision, name)
    sha256 = hashlib.sha256(f"{path}{status}".encode()).hexdigest()
    return LandedFile(drop, sha256, 1, Path("/nowhere"))


class City:
    """A data directory, and what happens in its nights."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data_dir=folder / "data", drop="/srv/exports")
        self.settings.zones.create()
        self._published = 0

    @property
    def program(self) -> Path:
        """The command as a message writes it."""
        return Path(sys.executable).with_name("ganxun")

    def deliver(
        self, source: str, day: date, status: FileStatus = "loaded", reason: Reason | str | None = None
    ) -> str:
        """Put an export into the ledger, as landing does; returns its path.

        A reason that is a sentence stands there as an older version left it: without its code.
        """
        return self.deliver_as(source, FILES[source].format(day), day, status, reason)

    def deliver_as(
        self, source: str, path: str, day: date, status: FileStatus, reason: Reason | str | None = None
    ) -> str:
        with Ledger(self.settings.zones) as ledger:
            known = reason if isinstance(reason, Reason) else None
            ledger.record(_land(source, path, day, status), "contract", status, reason=known)
            if isinstance(reason, str):
                where = (reason, path, status)
                ledger.query("UPDATE file SET reason = ? WHERE path = ? AND status = ?", where)
        return path

    def hold(self, source: str, day: date, falls: list[Fall], reason: Reason) -> str:
        """Let an export wait at the gate with its numbers, as landing does; returns its path."""
        path = self.deliver(source, day, "held", reason)
        with Ledger(self.settings.zones) as ledger:
            rows = {fall.entity: fall.rows_now for fall in falls}
            keep_held_rows(ledger, _land(source, path, day, "held"), rows, falls)
        return path

    def deliver_all(self, day: date, *but: str) -> None:
        for source in SOURCES:
            if source not in but:
                self.deliver(source, day)

    def start_run(self, day: date = NIGHT, run_id: str = "") -> str:
        """A build that has begun."""
        run_id = run_id or f"{day:%Y%m%d}-run"
        with Ledger(self.settings.zones) as ledger:
            ledger.start_run(run_id, day)
        return run_id

    def end_run(self, run_id: str, status: str) -> None:
        with Ledger(self.settings.zones) as ledger:
            ledger.finish_run(run_id, status)

    def publish(
        self,
        day: date,
        newest: Mapping[str, date | None] | None = None,
        rejected: Mapping[str, int] | None = None,
    ) -> None:
        """A published night; `newest` says how far a source is that is behind it."""
        self._published += 1
        run_id = self.start_run(day, f"{day:%Y%m%d}-published-{self._published}")
        self.end_run(run_id, "published")
        version = self.settings.zones.versions / run_id
        version.mkdir(parents=True)
        with duckdb.connect(str(version / "warehouse.duckdb")) as connection:
            connection.execute("create schema ops")
            connection.execute(
                "create table ops.ops_run (run_id varchar, business_date date, finished_at timestamptz,"
                " input_digest varchar)"
            )
            at = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC) - timedelta(minutes=140)
            with Ledger(self.settings.zones) as ledger:
                built_from = find_input_digest(ledger, day)
            connection.execute("insert into ops.ops_run values (?, ?, ?, ?)", [run_id, day, at, built_from])
            connection.execute(
                "create table ops.ops_freshness (source varchar, newest_business_date date,"
                " files_rejected bigint)"
            )
            for source in SOURCES:
                values = [source, {**dict.fromkeys(SOURCES, day), **(newest or {})}[source]]
                connection.execute(
                    "insert into ops.ops_freshness values (?, ?, ?)",
                    [*values, (rejected or {}).get(source, 0)],
                )
        link = self.settings.zones.warehouse
        link.unlink(missing_ok=True)
        link.symlink_to(Path("versions") / run_id / "warehouse.duckdb")
