"""What the ledger says of a night: how far each source is, what was not loaded, how the last run went."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.falls import Fall
from connectors.held_files import find_falls
from connectors.ledger import Ledger, strip_revision
from ganxun.alerts.older_ledgers import read_falls
from ganxun.settings import SOURCES, Settings
from ganxun.steps.older_reasons import find_code

MOST_CHECKS = 5


@dataclass(frozen=True)
class FileFault:
    """A file that was not loaded: `status` is `rejected` or `held`; `code` is that of the reason, if known.

    `falls` are the numbers of a held file. `key` is of its path and content: the same name with other bytes
    is another fault.
    """

    key: str
    source: str
    path: str
    business_date: date
    status: str
    code: str | None
    falls: tuple[Fall, ...] = ()


@dataclass
class LedgerView:
    """What the ledger says up to a business date."""

    newest: dict[str, date | None] = field(default_factory=dict)
    holes: dict[str, list[FileFault]] = field(default_factory=dict)
    workbooks: list[FileFault] = field(default_factory=list)
    run_id: str | None = None
    run_status: str | None = None
    run_started_at: datetime | None = None
    was_published: bool = False
    failed_checks: tuple[str, ...] = ()


def read_ledger(settings: Settings, business_date: date, unreadable: list[str]) -> LedgerView:
    """What the ledger says; a ledger that cannot be read is named in `unreadable`."""
    view = LedgerView()
    if not settings.zones.ledger.exists():
        return view
    try:
        with Ledger(settings.zones) as ledger:
            for source in SOURCES:
                view.newest[source] = ledger.newest_business_date(source, business_date)
            _read_faults(ledger, business_date, view)
            _read_run(ledger, business_date, view)
    except (sqlite3.Error, OSError, ValueError):
        unreadable.append("ledger")
    return view


def _read_faults(ledger: Ledger, business_date: date, view: LedgerView) -> None:
    """Files that are not loaded and that no later or corrected export has made good (as landing judges)."""
    day = business_date.isoformat()
    loaded = {
        (row["source"], strip_revision(row["path"]))
        for row in ledger.query(
            "SELECT DISTINCT sound.source, sound.path FROM file AS sound JOIN file AS bad"
            " ON bad.source = sound.source AND bad.business_date = sound.business_date"
            " WHERE bad.status IN ('rejected', 'held') AND sound.status IN ('loaded', 'duplicate')"
        )
    }
    for row in ledger.query(
        "SELECT *, EXISTS (SELECT 1 FROM file AS later WHERE later.source = file.source"
        " AND later.keep = file.keep AND later.status = 'loaded' AND (later.business_date,"
        " later.file_id) > (file.business_date, file.file_id)) AS is_passed FROM file"
        " WHERE status IN ('rejected', 'held') AND business_date <= ? ORDER BY business_date, path",
        (day,),
    ):
        fault = FileFault(
            f"{row['path']}@{row['sha256'][:12]}",
            row["source"],
            row["path"],
            date.fromisoformat(row["business_date"]),
            row["status"],
            row["reason_code"] or find_code(row["reason"] or ""),
            _find_falls(ledger, row) if row["status"] == "held" else (),
        )
        is_snapshot = row["keep"] != "all"
        # A held correction of a snapshot leaves no gap, but somebody has to decide about it.
        waits = is_snapshot and fault.status == "held" and not row["is_passed"]
        if not waits and (fault.source, strip_revision(fault.path)) in loaded:
            continue
        if not row["is_dated"]:
            view.workbooks.append(fault)
            continue
        newest = view.newest.get(fault.source)
        is_behind = fault.status == "rejected" and (newest is None or newest < fault.business_date)
        if not is_snapshot or waits or is_behind:
            view.holes.setdefault(fault.source, []).append(fault)


def _find_falls(ledger: Ledger, row: sqlite3.Row) -> tuple[Fall, ...]:
    return tuple(find_falls(ledger, row["file_id"]) or read_falls(row["reason"] or ""))


def _read_run(ledger: Ledger, business_date: date, view: LedgerView) -> None:
    runs = ledger.query(
        "SELECT run_id, status, started_at FROM run WHERE business_date = ? AND status <> 'aside'"
        " ORDER BY started_at DESC",
        (business_date.isoformat(),),
    )
    if not runs:
        return
    view.run_id, view.run_status = runs[0]["run_id"], runs[0]["status"]
    view.run_started_at = datetime.fromisoformat(runs[0]["started_at"])
    view.was_published = any(run["status"] == "published" for run in runs)
    view.failed_checks = tuple(
        f"{row['table_name']}.{row['expectation']}"
        for row in ledger.query(
            "SELECT DISTINCT table_name, expectation FROM check_result WHERE run_id = ? AND stage = 'marts'"
            " AND success = 0 AND severity = 'critical' ORDER BY table_name, expectation LIMIT ?",
            (view.run_id, MOST_CHECKS),
        )
    )
