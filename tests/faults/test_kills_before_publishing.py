"""A night killed while it lands or builds: readers keep last night's warehouse, the next run loses nothing.

The kills follow one another in the same data folder, without a recovery in between: each starts in what the
last one left, which is worse than any single one.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.compare_warehouses import differing, read_tables
from tests.faults.invariants import check_invariants, check_published
from tests.faults.kill_points import BUILD, LANDING, KillPoint, night_arguments, run_killed
from tests.faults.nights import LAST
from tests.faults.small_city import SmallCity

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    "points", [LANDING, BUILD], ids=["at each boundary of landing", "at each boundary of the build"]
)
def test_a_killed_night_is_whole_after_the_next_run(
    small_city: SmallCity, tmp_path: Path, points: tuple[KillPoint, ...]
) -> None:
    deployment = small_city.deployment(tmp_path)
    last_night = deployment.published
    for point in points:
        code = run_killed(point, *night_arguments(deployment, LAST.isoformat()))
        assert code == -signal.SIGKILL, f"never came to: {point}"
        assert deployment.published == last_night, point
        check_published(deployment.settings.zones)
    assert differing(read_tables(deployment.published), small_city.first) == []
    assert deployment.run(LAST).exit_code == 0
    check_invariants(deployment.settings)
    assert differing(read_tables(deployment.published), small_city.last) == []


def test_a_killed_run_does_not_stay_running_for_ever(small_city: SmallCity, tmp_path: Path) -> None:
    deployment = small_city.deployment(tmp_path)
    run_killed(BUILD[1], *night_arguments(deployment, LAST.isoformat()))
    assert deployment.run(LAST).exit_code == 0
    runs = [run["status"] for run in deployment.status()["runs"]]
    assert sorted(runs) == ["failed", "published", "published"]
