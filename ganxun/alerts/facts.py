"""What is true of a night when somebody is to be told: what readers see, what is missing, what failed.

Everything is read from the published file, the ledger and the notes of failed steps. A part that cannot be
read is left out and named: a broken ledger must not silence the message that would tell of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb

from ganxun.alerts.ledger_view import FileFault, LedgerView, read_ledger
from ganxun.alerts.notes import read_notes
from ganxun.settings import SOURCES, Settings
from ganxun.steps.failures import Failure
from ganxun.steps.published_links import find_published_run

State = Literal["good", "degraded", "failed", "late", "open"]


@dataclass(frozen=True)
class SourceGap:
    """What readers lack of one source: everything after `newest` (None: all of it), or what `faults` held.

    `has_arrived`: the ledger has it by now, but the published build is older. `failure`: its landing failed
    before it could say anything about a file.
    """

    source: str
    newest: date | None
    missing_since: date | None
    faults: tuple[FileFault, ...] = ()
    has_arrived: bool = False
    failure: Failure | None = None


@dataclass(frozen=True)
class Shown:
    """What readers see: the published run, its business date, when it was published."""

    run_id: str
    business_date: date
    published_at: datetime | None


@dataclass(frozen=True)
class NightFacts:
    """A night as it stands at `now`. `gaps` are of the figures of this night, in the order of the sources.

    `failure` says why the night is not published; None while it is, or while there is still time.
    `workbooks` are rejected files without a date: they leave no gap of a night, but nobody has read them.
    `unreadable` names what could not be read (`warehouse`, `ledger`).
    """

    business_date: date
    now: datetime
    published_by: datetime
    shown: Shown | None
    gaps: tuple[SourceGap, ...] = ()
    workbooks: tuple[FileFault, ...] = ()
    failure: Failure | None = None
    run_started_at: datetime | None = None
    unreadable: tuple[str, ...] = field(default=())

    @property
    def is_published(self) -> bool:
        """Whether readers see this night, or a later one."""
        return self.shown is not None and self.shown.business_date >= self.business_date

    @property
    def state(self) -> State:
        """`open`: not published, and still time."""
        if self.is_published:
            return "degraded" if self.gaps or self.workbooks else "good"
        if self.failure is None:
            return "open"
        return "late" if self.failure.code in ("never_started", "running") else "failed"


# Whose export is the whole: of one night there is one version or the other, never a part.
SNAPSHOTS = ("cadre", "academic")


def is_correction(facts: NightFacts, gap: SourceGap) -> bool:
    """Whether all that waits is a correction of a snapshot: what came first is used meanwhile."""
    is_here = gap.newest is not None and gap.newest >= facts.business_date
    is_held = bool(gap.faults) and all(fault.status == "held" for fault in gap.faults)
    return is_here and is_held and gap.source in SNAPSHOTS


def read_facts(
    settings: Settings,
    business_date: date,
    now: datetime,
    *,
    build_ended: bool = False,
    known_workbooks: frozenset[str] = frozenset(),
) -> NightFacts:
    """Read what is true of a night.

    `build_ended`: nobody works on this night any more, so that what is not published has failed; otherwise
    there is time until the hour of publishing. `known_workbooks` are keys of files that an earlier night's
    message has named.
    """
    unreadable: list[str] = []
    shown, fresh = _read_published(settings, unreadable)
    ledger = read_ledger(settings, business_date, unreadable)
    notes = read_notes(settings, business_date)
    is_published = shown is not None and shown.business_date >= business_date
    is_later = shown is not None and shown.business_date > business_date
    gaps = () if is_later else _find_gaps(business_date, fresh if is_published else None, ledger, notes)
    published_by = datetime.combine(
        business_date + timedelta(days=1), settings.night_published_by, ZoneInfo(settings.timezone)
    )
    is_over = build_ended or now >= published_by
    return NightFacts(
        business_date=business_date,
        now=now.astimezone(ZoneInfo(settings.timezone)),
        published_by=published_by,
        shown=shown,
        gaps=gaps,
        workbooks=tuple(fault for fault in ledger.workbooks if fault.key not in known_workbooks),
        failure=_find_failure(ledger, notes, build_ended) if is_over and not is_published else None,
        run_started_at=ledger.run_started_at,
        unreadable=tuple(unreadable),
    )


# --- the published file ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fresh:
    """What the published build says of a source."""

    newest: date | None
    files_rejected: int


def _read_published(settings: Settings, unreadable: list[str]) -> tuple[Shown | None, dict[str, _Fresh]]:
    try:
        run_id = find_published_run(settings.zones)
        if run_id is None:
            return None, {}
        with duckdb.connect(str(settings.zones.warehouse), read_only=True) as connection:
            row = connection.execute(
                "select business_date, epoch_us(finished_at) from ops.ops_run where run_id = ?", [run_id]
            ).fetchone()
            sources = connection.execute(
                "select source, newest_business_date, files_rejected from ops.ops_freshness"
            ).fetchall()
    except (duckdb.Error, OSError):
        unreadable.append("warehouse")
        return None, {}
    if row is None:
        unreadable.append("warehouse")
        return None, {}
    at = datetime.fromtimestamp(row[1] / 1e6, UTC) if row[1] is not None else None
    return Shown(run_id, row[0], at), {source: _Fresh(newest, bad) for source, newest, bad in sources}


# --- what follows ------------------------------------------------------------------------------------------


def _find_gaps(
    business_date: date, fresh: dict[str, _Fresh] | None, ledger: LedgerView, notes: dict[str, Failure]
) -> tuple[SourceGap, ...]:
    """Sources without tonight's whole export: of what readers see where the night is published."""
    gaps = []
    for source in SOURCES:
        landed = ledger.newest.get(source)
        holes = tuple(ledger.holes.get(source, ()))
        seen = fresh.get(source, _Fresh(None, 0)) if fresh is not None else _Fresh(landed, 0)
        is_behind = seen.newest is None or seen.newest < business_date
        if not is_behind and not holes and not seen.files_rejected:
            continue
        since = [fault.business_date for fault in holes]
        if is_behind and seen.newest is not None:
            since.append(seen.newest + timedelta(days=1))
        gaps.append(
            SourceGap(
                source=source,
                newest=seen.newest,
                missing_since=min(since, default=None),
                faults=holes,
                has_arrived=not holes and landed is not None and landed >= business_date,
                failure=notes.get(f"land_{source}"),
            )
        )
    return tuple(gaps)


def _find_failure(ledger: LedgerView, notes: dict[str, Failure], build_ended: bool) -> Failure:
    """Why a night whose time is over is not published."""
    noted = next((notes[step] for step in ("publish", "check", "build") if step in notes), None)
    if ledger.run_status == "rejected":
        return Failure("checks", ledger.failed_checks)
    if noted is not None:
        return noted
    if ledger.was_published:
        return Failure("rolled_back")
    if ledger.run_status == "running":
        return Failure("killed" if build_ended else "running")
    return Failure("never_started" if ledger.run_status is None else "unexpected")
