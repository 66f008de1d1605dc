"""The machine fails, not the data: a full or read-only disk, little memory, two runs at once, a stale log."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from ganxun.steps.machine_faults import DISK_FULL, OUT_OF_MEMORY, READ_ONLY
from tests.compare_warehouses import differing, read_tables
from tests.faults.conftest import SmallCity
from tests.faults.invariants import check_invariants, check_published
from tests.faults.nights import FIRST, LAST, Outcome
from tests.faults.small_disk import enlarge, read_only, small_disk

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class FullDisk:
    """Which folder is on the small disk, how many bytes are left there, and what the night then does."""

    zone: str
    free: int
    published: bool
    told: str

    def __str__(self) -> str:
        """The test's name."""
        return self.zone


# While landing a full disk holds the sources back, each by itself, and the night goes on without them.
FULL = (
    FullDisk("landing", 8_192, True, DISK_FULL),
    FullDisk("raw", 8_192, True, DISK_FULL),
    FullDisk("build", 4_000_000, False, f"building: {DISK_FULL}"),
    FullDisk("published/versions", 4_000_000, False, f"publishing: {DISK_FULL}"),
)


@pytest.mark.parametrize("full", FULL, ids=str)
def test_a_full_disk_leaves_a_whole_warehouse_and_the_next_run_makes_up_for_it(
    small_city: SmallCity, tmp_path: Path, full: FullDisk
) -> None:
    deployment = small_city.deployment(tmp_path)
    last_night = deployment.published.name
    folder = deployment.data_dir / full.zone
    with small_disk(folder, full.free):
        outcome = deployment.run(LAST)
        assert "Traceback" not in outcome.stderr
        if full.published:
            assert outcome.exit_code == 3
            assert full.told in " ".join(outcome.report["missing_sources"].values())
            # A machine's fault is no file's fault: nothing is rejected for it.
            assert [source["files_rejected"] for source in outcome.report["sources"]] == [0, 0, 0, 0]
        else:
            assert outcome.exit_code == 1
            assert outcome.report["failure"] == full.told
            assert deployment.published.name == last_night
        check_published(deployment.settings.zones)
        enlarge(folder)
        assert deployment.run(LAST).exit_code == 0
        check_invariants(deployment.settings)
        assert differing(read_tables(deployment.published), small_city.last) == []


def test_too_little_memory_fails_the_night_in_plain_words(small_city: SmallCity, tmp_path: Path) -> None:
    deployment = small_city.deployment(tmp_path)
    outcome = deployment.run(LAST, environment={"GANXUN_MEMORY_LIMIT": "12MB"})
    assert outcome.exit_code == 1 and "Traceback" not in outcome.stderr
    assert OUT_OF_MEMORY in outcome.report["failure"]
    assert differing(read_tables(deployment.published), small_city.first) == []
    assert deployment.run(LAST).exit_code == 0
    check_invariants(deployment.settings)
    assert differing(read_tables(deployment.published), small_city.last) == []


@pytest.mark.parametrize("folder", ["", "published"], ids=["data folder", "published"])
def test_a_read_only_target_is_told_and_readers_read_on(
    small_city: SmallCity, tmp_path: Path, folder: str
) -> None:
    deployment = small_city.deployment(tmp_path)
    with read_only(deployment.data_dir / folder):
        outcome = deployment.run(LAST)
        assert outcome.exit_code == 1 and "Traceback" not in outcome.stderr
        assert READ_ONLY in outcome.report["failure"]
        check_published(deployment.settings.zones)
    assert differing(read_tables(deployment.published), small_city.first) == []
    assert deployment.run(LAST).exit_code == 0
    assert differing(read_tables(deployment.published), small_city.last) == []


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


def test_stale_logs_of_a_writer_that_died_do_not_reach_the_next_warehouse(
    small_city: SmallCity, tmp_path: Path
) -> None:
    """Somebody opened a published file for writing and died: DuckDB would read that log with the file."""
    deployment = small_city.deployment(tmp_path)
    zones = deployment.settings.zones
    subprocess.run(
        [
            *(sys.executable, "-c"),
            "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
            "c.execute('create table marts.stale as select 1'); os.kill(os.getpid(), 9)",
            str(zones.warehouse),
        ],
        check=False,
    )
    for stale in (zones.published / "warehouse.duckdb.wal", zones.build / "work.duckdb.wal"):
        stale.write_bytes(b"stale")
    assert deployment.published.joinpath("warehouse.duckdb.wal").exists()
    assert deployment.run(LAST).exit_code == 0
    assert not list(deployment.published.glob("*.wal"))
    assert not list(zones.published.glob("*.wal"))
    assert differing(read_tables(deployment.published), small_city.last) == []
