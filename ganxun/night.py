"""One whole night on the command line: land four sources, build, check, publish."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import structlog

from ganxun.settings import SOURCES, Settings

if TYPE_CHECKING:
    from ganxun.steps.failures import Failure
    from ganxun.steps.land_report import LandReport
    from ganxun.steps.publish import Published

EXIT_PUBLISHED = 0
EXIT_NOTHING_PUBLISHED = 1
EXIT_PUBLISHED_WITHOUT_SOME_SOURCE = 3

Progress = Callable[[str, int, int], None]
log = structlog.get_logger()


@dataclass(frozen=True)
class SourceGap:
    """A source without an intact export of the business date.

    `days_behind` counts from its newest night (None: nothing delivered yet); 0: that night is there, but a
    part of it, or of an earlier one, is missing.
    """

    source: str
    reason: str
    newest_business_date: date | None
    days_behind: int | None

    @property
    def missing_since(self) -> date | None:
        """The first night that is missing whole; None: no night is, or nothing was delivered yet."""
        if not self.newest_business_date or not self.days_behind:
            return None
        return self.newest_business_date + timedelta(days=1)


@dataclass
class NightReport:
    """What a night did: landing by source, what was published, why not.

    `published` is None where nothing new was published: `is_up_to_date` then says whether there was nothing
    to do, and `failure` why not, in words for this terminal; `cause` is the same as a code that may be told
    elsewhere. `missing_sources` lack an intact export of the business date; of those in `not_landed` nothing
    more could be landed.
    """

    business_date: date
    landings: list[LandReport] = field(default_factory=list)
    published: Published | None = None
    is_up_to_date: bool = False
    failure: str | None = None
    cause: Failure | None = None
    not_landed: dict[str, Failure] = field(default_factory=dict)

    @property
    def gaps(self) -> list[SourceGap]:
        """Sources without an intact export of the business date, each with how far behind it is and why."""
        gaps = []
        for landing in self.landings:
            newest = landing.newest_business_date
            behind = (self.business_date - newest).days if newest else None
            if landing.held_back_reason:
                reason = landing.held_back_reason
            elif newest is None:
                reason = "nothing delivered yet"
            elif newest < self.business_date:
                reason = f"newest export is of {newest}"
            else:
                continue
            gaps.append(SourceGap(landing.source, reason, newest, behind))
        return gaps

    @property
    def missing_sources(self) -> dict[str, str]:
        """The gaps' sources, each with the reason in plain words."""
        return {gap.source: gap.reason for gap in self.gaps}

    @property
    def exit_code(self) -> int:
        """0 published (or already so), 3 published without some source, 1 nothing published."""
        if self.failure is not None:
            return EXIT_NOTHING_PUBLISHED
        return EXIT_PUBLISHED_WITHOUT_SOME_SOURCE if self.missing_sources else EXIT_PUBLISHED


def run_night(
    settings: Settings,
    drop: str,
    business_date: date,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> NightReport:
    """Land every new file of a drop up to a business date, then build, check and publish as of that date.

    A source that fails holds back only itself. When nothing has changed since the published build (same
    batches, rules and models) there is nothing to build, unless `rebuild` asks for it. `progress` is told
    (what is being done, steps done, steps in all). Failures are in the report, never raised: last night's
    warehouse then stands.
    """
    from ganxun.steps.build import build
    from ganxun.steps.check import check
    from ganxun.steps.failures import explain_error, explain_landing
    from ganxun.steps.land import land
    from ganxun.steps.land_report import LandReport
    from ganxun.steps.publish import publish

    report = NightReport(business_date)
    step = "preparing"
    try:
        settings.zones.create()
        for source in SOURCES:
            try:
                _refuse_missing(drop)
                landing = land(settings, source, drop, business_date, progress=progress)
            except (OSError, sqlite3.Error, duckdb.Error) as error:
                report.not_landed[source] = explain_landing(error)
                landing = LandReport(source, held_back_reason=_say_landing(error))
            report.landings.append(landing)
        if _is_done(settings, business_date) and not rebuild:
            report.is_up_to_date = True
            return report
        step = "building"
        run = build(settings, business_date, progress=progress)
        step = "checking the marts"
        if progress is not None:
            progress(step, 0, 1)
        check(settings, run)
        step = "publishing"
        if progress is not None:
            progress(step, 0, 1)
        report.published = publish(settings, run)
    except Exception as error:
        report.failure, report.cause = _say_failure(step, error), explain_error(error)
    return report


def _is_done(settings: Settings, business_date: date) -> bool:
    """Whether readers see exactly this night; what a killed run left is put away first."""
    from connectors.ledger import Ledger
    from ganxun.steps.lock import warehouse_lock
    from ganxun.steps.publish import is_up_to_date
    from ganxun.steps.recovery import recover

    with warehouse_lock(settings), Ledger(settings.zones) as ledger:
        recover(settings, ledger)
        return is_up_to_date(settings, business_date)


def _say_landing(error: Exception) -> str:
    from ganxun.steps.machine_faults import find_machine_fault

    lack = find_machine_fault(error)
    return f"nothing more could be landed: {lack.sentence if lack else error}"


def _say_failure(step: str, error: Exception) -> str:
    """Why a night ended, for people. An error that nobody foresaw is named by its kind, without its text.

    Its text can quote data. Where it was raised is in the log.
    """
    from ganxun.steps.failures import StepFailed
    from ganxun.steps.machine_faults import find_machine_fault

    if lack := find_machine_fault(error):
        return f"{step}: {lack.sentence}"
    if isinstance(error, StepFailed):
        return str(error)
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("night failed", step=step, error=type(error).__name__, places=places[-6:])
    return f"{step} failed unexpectedly ({type(error).__name__} at {places[-1]})"


def _refuse_missing(drop: str) -> None:
    """An empty drop is a quiet night; one that is not there is a typing error or a share not mounted."""
    if "://" not in drop and not Path(drop).is_dir():
        raise FileNotFoundError(f"no folder {drop}")
