"""The machine fails, not the data: a full or read-only disk, little memory, two runs at once, a stale log.

The faults follow one another in one data folder, as in a bad week, and each begins in what the last one left.
Then comes one untroubled run.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from ganxun.steps.machine_faults import DISK_FULL, OUT_OF_MEMORY, READ_ONLY
from tests.compare_warehouses import differing, read_tables
from tests.faults.invariants import check_invariants, check_published
from tests.faults.nights import FIRST, LAST, Outcome
from tests.faults.small_city import SmallCity, Tables
from tests.faults.small_disk import full_disk, read_only
from tests.worlds import make_world

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Fault:
    """A night on a machine that lacks something: what is done to which folder, and how the night then ends.

    `held_back`: the fault falls while landing; each source is held back by itself, with `told` as its reason,
    and the night goes on without it. Otherwise nothing is published and `told` is the reason.
    """

    name: str
    folder: str
    lack: Callable[[Path], AbstractContextManager[None]]
    told: str
    held_back: bool = False
    memory_limit: str | None = None


FAULTS = (
    Fault("a full disk under landing", "landing", full_disk, DISK_FULL.sentence, True),
    Fault("a full disk under raw", "raw", full_disk, DISK_FULL.sentence, True),
    Fault("a read-only data folder", "", read_only, f"preparing: {READ_ONLY.sentence}"),
    Fault(
        "a full disk under build",
        "build",
        partial(full_disk, free_bytes=4_000_000),
        f"building: {DISK_FULL.sentence}",
    ),
    Fault(
        "little memory",
        "",
        lambda _: nullcontext(),
        f"building: {OUT_OF_MEMORY.sentence}",
        memory_limit="12MB",
    ),
    Fault("a read-only target", "published", read_only, f"publishing: {READ_ONLY.sentence}"),
    Fault(
        "a full disk under the versions",
        "published/versions",
        partial(full_disk, free_bytes=4_000_000),
        f"publishing: {DISK_FULL.sentence}",
    ),
)


@dataclass(frozen=True)
class BadWeek:
    """What each fault's night said, and what readers saw after it; what they see after an untroubled run."""

    outcomes: dict[str, Outcome]
    seen: dict[str, Tables]
    afterwards: Tables


def run_bad_week(small_city: SmallCity, folder: Path) -> BadWeek:
    """Every fault's night, one after another, and the untroubled run."""
    deployment = small_city.deployment(folder)
    outcomes, seen = {}, {}
    for fault in FAULTS:
        limit = {"GANXUN_MEMORY_LIMIT": fault.memory_limit} if fault.memory_limit else {}
        with fault.lack(deployment.data_dir / fault.folder):
            outcomes[fault.name] = deployment.run(LAST, environment=limit)
            # Readers read on, while the disk is full and while it is read-only.
            check_published(deployment.settings.zones)
            seen[fault.name] = read_tables(deployment.published)
    assert deployment.run(LAST).exit_code == 0
    check_invariants(deployment.settings)
    return BadWeek(outcomes, seen, read_tables(deployment.published))


@pytest.fixture(scope="module")
def bad_week(small_city: SmallCity) -> BadWeek:
    return make_world("bad-week", partial(run_bad_week, small_city), small_city.before.drop)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_the_machine_is_told_in_plain_words(bad_week: BadWeek, fault: Fault) -> None:
    outcome = bad_week.outcomes[fault.name]
    assert "Traceback" not in outcome.stderr
    if fault.held_back:
        assert outcome.exit_code == 3
        missing = outcome.report["missing_sources"]
        assert {*missing} == {"cadre", "academic", "academy", "mobile"}
        assert all(fault.told in reason for reason in missing.values())
        # A machine's fault is no file's fault: nothing is rejected for it.
        assert [source["files_rejected"] for source in outcome.report["sources"]] == [0, 0, 0, 0]
    else:
        assert outcome.exit_code == 1
        assert outcome.report["failure"] == fault.told


@pytest.mark.parametrize("number", range(1, len(FAULTS)), ids=lambda number: FAULTS[number].name)
def test_a_fault_of_the_machine_changes_nothing_for_readers(bad_week: BadWeek, number: int) -> None:
    """From the second on: the first night publishes its date, with what had come before it."""
    before, after = FAULTS[number - 1].name, FAULTS[number].name
    assert differing(bad_week.seen[before], bad_week.seen[after]) == []


def test_after_a_bad_week_one_untroubled_run_makes_up_for_all(
    bad_week: BadWeek, small_city: SmallCity
) -> None:
    assert differing(bad_week.afterwards, small_city.last) == []


def test_two_runs_at_once_and_a_back_fill_beside_them_publish_one_night(
    small_city: SmallCity, tmp_path: Path
) -> None:
    """Two people, or a person and the scheduler: nothing is landed or published twice, nobody waits."""
    deployment = small_city.deployment(tmp_path)
    with ExitStack() as stack:
        running = [stack.enter_context(deployment.start(night)) for night in (LAST, LAST, FIRST)]
        outcomes = [Outcome.of(process) for process in running]
    for outcome in outcomes:
        assert "Traceback" not in outcome.stderr
        failure = outcome.report["failure"]
        assert failure is None or "another run is building or publishing" in failure
    assert any(outcome.report["failure"] is None for outcome in outcomes)
    check_published(deployment.settings.zones)
    assert deployment.run(LAST).exit_code == 0
    check_invariants(deployment.settings)
    assert differing(read_tables(deployment.published), small_city.last) == []


def test_a_stale_log_of_a_writer_that_died_does_not_reach_the_next_warehouse(
    small_city: SmallCity, tmp_path: Path
) -> None:
    """Somebody opened a published file for writing and died: DuckDB would read that log with the file."""
    deployment = small_city.deployment(tmp_path)
    zones = deployment.settings.zones
    writer = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute('create table marts.stale as select 1'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", writer, str(zones.warehouse)], check=False)
    assert deployment.published.joinpath("warehouse.duckdb.wal").exists()
    for stale in (zones.published / "warehouse.duckdb.wal", zones.build / "work.duckdb.wal"):
        stale.write_bytes(b"stale")
    assert deployment.run(LAST).exit_code == 0
    assert not list(deployment.published.glob("*.wal"))
    assert not list(zones.published.glob("*.wal"))
    assert differing(read_tables(deployment.published), small_city.last) == []
