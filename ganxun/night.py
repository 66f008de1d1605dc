"""One whole night on the command line: land four sources, build, check, publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ganxun.settings import SOURCES, Settings

if TYPE_CHECKING:
    from ganxun.steps.land_report import LandReport
    from ganxun.steps.publish import Published

EXIT_PUBLISHED = 0
EXIT_NOTHING_PUBLISHED = 1
EXIT_PUBLISHED_WITHOUT_SOME_SOURCE = 3

Progress = Callable[[str, int, int], None]


@dataclass
class NightReport:
    """What a night did: landing by source, what was published, why not.

    `published` is None where nothing new was published: `is_up_to_date` then says whether there was nothing
    to do, and `failure` why not. `missing_sources` lack an intact export of the business date.
    """

    business_date: date
    landings: list[LandReport] = field(default_factory=list)
    published: Published | None = None
    is_up_to_date: bool = False
    failure: str | None = None

    @property
    def missing_sources(self) -> dict[str, str]:
        """Sources without tonight's export, each with the reason in plain words."""
        missing = {}
        for landing in self.landings:
            if landing.held_back_reason:
                missing[landing.source] = landing.held_back_reason
            elif landing.newest_business_date is None:
                missing[landing.source] = "nothing delivered yet"
            elif landing.newest_business_date < self.business_date:
                missing[landing.source] = f"newest export is of {landing.newest_business_date}"
        return missing

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
    from ganxun.steps.build import BuildFailed, build
    from ganxun.steps.check import ChecksFailed, check
    from ganxun.steps.land import land
    from ganxun.steps.land_report import LandReport
    from ganxun.steps.lock import WarehouseBusy
    from ganxun.steps.publish import PublishFailed, is_up_to_date, mend_links, publish

    settings.zones.create()
    report = NightReport(business_date)
    for source in SOURCES:
        try:
            _refuse_missing(drop)
            landing = land(settings, source, drop, business_date, progress=progress)
        except OSError as error:
            landing = LandReport(source, held_back_reason=f"the drop cannot be landed: {error}")
        report.landings.append(landing)
    try:
        mend_links(settings)
        if not rebuild and is_up_to_date(settings, business_date):
            report.is_up_to_date = True
            return report
        run = build(settings, business_date, progress=progress)
        if progress is not None:
            progress("checking the marts", 0, 1)
        check(settings, run)
        if progress is not None:
            progress("publishing", 0, 1)
        report.published = publish(settings, run)
    except (BuildFailed, ChecksFailed, PublishFailed, WarehouseBusy) as error:
        report.failure = str(error)
    return report


def _refuse_missing(drop: str) -> None:
    """An empty drop is a quiet night; one that is not there is a typing error or a share not mounted."""
    if "://" not in drop and not Path(drop).is_dir():
        raise FileNotFoundError(f"no folder {drop}")
