"""However the deliveries come and wherever a run is killed: nothing is lost, nothing is doubled."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.contract import PROVENANCE
from connectors.ledger import Ledger
from ganxun.settings import Settings
from tests.compare_warehouses import differing, read_facts
from tests.faults.invariants import check_every_row_is_accounted_for, check_invariants
from tests.faults.kill_points import LANDING, run_killed
from tests.faults.nights import LAST, Deployment, keep_secret_of
from tests.faults.schedules import Arrival, list_files, make_schedule
from tests.faults.small_city import SmallCity
from tests.faults.soak import run_schedule

pytestmark = pytest.mark.e2e

# A schedule with a kill while landing and one while building, files again, under other names, packed anew.
SEED = 34
# Kills of landing only, without the expectations, which this test leaves out.
KILLS = tuple(point for point in LANDING if "judged" not in point.what)


def read_effective_rows(data: Settings) -> dict[str, tuple]:
    """Rows and a hash of all rows of every raw table as a build of the last night reads them."""
    found = {}
    with Ledger(data.zones) as ledger:
        batches = ledger.effective_batches(LAST)
    for table, paths in batches.items():
        columns = ", ".join(PROVENANCE)
        found[table] = duckdb.execute(
            f"select count(*), sum(hash(rows)::hugeint) from (select * exclude ({columns}) "
            "from read_parquet(?, union_by_name = true)) as rows",
            [[str(path) for path in paths]],
        ).fetchone()
    return found


@pytest.fixture(scope="module")
def landed_at_once(small_city: SmallCity, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple]:
    data_dir = tmp_path_factory.mktemp("at-once")
    assert run_killed(None, "land", str(small_city.before.drop), LAST.isoformat(), str(data_dir)) == 0
    rows = read_effective_rows(Settings(data_dir=data_dir))
    assert len(rows) > 25 and all(count for count, _ in rows.values())
    return rows


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chance=st.randoms(use_true_random=False))
def test_any_order_repetition_and_kill_lands_the_same_rows(
    small_city: SmallCity, landed_at_once: dict[str, tuple], chance: random.Random
) -> None:
    whole = small_city.before.drop
    schedule = make_schedule(chance, list_files(whole), repack=False, kills=KILLS)
    folder = Path(tempfile.mkdtemp())
    try:
        for arrival in [*schedule, Arrival((), LAST, None)]:
            (folder / "drop").mkdir(exist_ok=True)
            for delivery in arrival.deliveries:
                delivery.arrive(whole, folder / "drop")
            run_killed(
                arrival.kill,
                *("land", str(folder / "drop"), arrival.night.isoformat(), str(folder / "data")),
            )
        data = Settings(data_dir=folder / "data")
        check_every_row_is_accounted_for(data.zones)
        assert read_effective_rows(data) == landed_at_once, "; ".join(map(str, schedule))
    finally:
        shutil.rmtree(folder)


def test_any_schedule_of_whole_nights_gives_the_same_warehouse(small_city: SmallCity, tmp_path: Path) -> None:
    """One that has it all; `make soak` goes on with others for as long as it is told."""
    deployment = Deployment(tmp_path / "drop", tmp_path / "data")
    keep_secret_of(small_city.before, deployment)
    schedule = make_schedule(random.Random(SEED), list_files(small_city.before.drop), repack=True)
    deliveries = [delivery for arrival in schedule for delivery in arrival.deliveries]
    assert {arrival.kill in LANDING for arrival in schedule if arrival.kill} == {True, False}
    assert any(delivery.is_repacked for delivery in deliveries)
    assert any(delivery.name != delivery.file for delivery in deliveries)
    assert len(deliveries) > len(list_files(small_city.before.drop))
    run_schedule(schedule, small_city.before.drop, deployment)
    check_invariants(deployment.settings)
    facts = read_facts(small_city.untroubled.published)
    assert differing(read_facts(deployment.published), facts) == [], "; ".join(map(str, schedule))
