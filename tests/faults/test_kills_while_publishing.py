"""A night killed while it is checked or published: readers see one whole night, the last or this one."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from ganxun.steps.build import build
from tests.compare_warehouses import differing, read_tables
from tests.faults.invariants import check_invariants, check_published
from tests.faults.kill_points import CHECK, PUBLISH, KillPoint, run_killed
from tests.faults.nights import LAST, Deployment
from tests.faults.small_city import SmallCity
from tests.worlds import make_world

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Built:
    """A deployment whose last night is landed and built, but not checked and not published."""

    deployment: Deployment
    run: str

    def copy(self, folder: Path) -> Built:
        """The same in another folder."""
        return Built(self.deployment.fork(folder), self.run)

    def step(self, name: str, point: KillPoint | None = None) -> int:
        """Run a step in a process of its own, as an Airflow task does; returns its exit code."""
        return run_killed(point, "step", name, str(self.deployment.data_dir), self.run)


def land_and_build(small_city: SmallCity, folder: Path) -> Built:
    """The last night up to its build."""
    deployment = small_city.deployment(folder)
    for source in ("cadre", "academic", "academy", "mobile"):
        land_source(deployment, source)
    return Built(deployment, json.dumps(build(deployment.settings, LAST).to_dict()))


def check_built(built: Built, folder: Path) -> Built:
    """The last night up to its check."""
    copy = built.copy(folder)
    assert copy.step("check") == 0
    return copy


@pytest.fixture(scope="module")
def built(small_city: SmallCity) -> Built:
    return make_world("built-night", partial(land_and_build, small_city), small_city.before.drop)


def land_source(deployment: Deployment, source: str) -> None:
    from ganxun.steps.land import land

    assert land(deployment.settings, source, str(deployment.drop), LAST).is_ok


@pytest.mark.parametrize("point", CHECK, ids=str)
def test_a_kill_while_checking_changes_nothing_for_readers(
    built: Built, small_city: SmallCity, tmp_path: Path, point: KillPoint
) -> None:
    mine = built.copy(tmp_path)
    before = mine.deployment.published
    assert mine.step("check", point) == -signal.SIGKILL
    assert mine.deployment.published == before
    check_published(mine.deployment.settings.zones)
    # The retry of the task, and the one after it.
    assert [mine.step("check"), mine.step("publish")] == [0, 0]
    assert differing(read_tables(mine.deployment.published), small_city.last) == []
    check_invariants(mine.deployment.settings)


@pytest.fixture(scope="module")
def checked(built: Built) -> Built:
    return make_world("checked-night", partial(check_built, built), built.deployment.drop)


@pytest.mark.parametrize("point", PUBLISH, ids=str)
def test_a_kill_while_publishing_leaves_one_whole_night_and_the_retry_publishes(
    checked: Built, small_city: SmallCity, tmp_path: Path, point: KillPoint
) -> None:
    mine = checked.copy(tmp_path)
    assert mine.step("publish", point) == -signal.SIGKILL
    # Every link and table opens, both files are of one run, and it is last night or tonight as a whole.
    check_published(mine.deployment.settings.zones)
    seen = read_tables(mine.deployment.published)
    assert differing(seen, small_city.first) == [] or differing(seen, small_city.last) == []
    assert mine.step("publish") == 0
    check_invariants(mine.deployment.settings)
    assert differing(read_tables(mine.deployment.published), small_city.last) == []


def test_a_retry_after_a_success_that_nobody_heard_of_publishes_nothing_twice(
    checked: Built, small_city: SmallCity, tmp_path: Path
) -> None:
    mine = checked.copy(tmp_path)
    assert mine.step("publish") == 0
    published, inode = mine.deployment.published, mine.deployment.settings.zones.warehouse.stat().st_ino
    assert mine.step("publish") == 0
    assert mine.deployment.published == published
    assert mine.deployment.settings.zones.warehouse.stat().st_ino == inode
    check_invariants(mine.deployment.settings)
    assert differing(read_tables(published), small_city.last) == []


def test_the_next_night_puts_away_what_a_kill_after_the_swap_left(checked: Built, tmp_path: Path) -> None:
    """Not only a retry: without one, a working warehouse with names in it would lie there till tomorrow."""
    mine = checked.copy(tmp_path)
    swapped = next(point for point in PUBLISH if point.what == "swapped, not recorded")
    assert mine.step("publish", swapped) == -signal.SIGKILL
    outcome = mine.deployment.run(LAST)
    assert outcome.exit_code == 0 and outcome.report["is_up_to_date"]
    check_invariants(mine.deployment.settings)
    assert {run["status"] for run in mine.deployment.status()["runs"]} == {"published"}
