"""An old date again: `ganxun run --date D` gives what that night gave, whatever has been exported since."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pytest

from ganxun.night import run_night
from ganxun.settings import Settings
from ganxun.steps.published_links import find_published_run
from tests.compare_warehouses import differing, read_tables
from tests.planted_nights import FIRST, LAST, LATE, NIGHTS, SECOND, WORKBOOK, ThreeNights
from tests.worlds import make_world

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Replayed:
    """What each night gave, and what its date gives when it is asked for again."""

    nights: dict[date, dict[str, tuple]]
    same_data: dict[date, dict[str, tuple]]
    fresh_data: dict[date, dict[str, tuple]]


def run_again(settings: Settings, drop: Path, night: date) -> dict[str, tuple]:
    report = run_night(settings, str(drop), night)
    assert report.failure is None, report.failure
    return read_tables(settings.zones.versions / (find_published_run(settings.zones) or ""))


def replay(three_nights: ThreeNights, folder: Path) -> Replayed:
    """The first two nights again from the whole drop: after the third, and where nothing has been run yet."""
    shutil.copytree(three_nights.settings.data_dir, folder / "same", symlinks=True)
    same, fresh = Settings(data_dir=folder / "same"), Settings(data_dir=folder / "fresh")
    shutil.copytree(same.zones.keys, fresh.zones.keys)  # the secret behind cadre_key is the deployment's
    with three_nights.rules():
        return Replayed(
            {night: read_tables(three_nights.versions[night]) for night in NIGHTS},
            {night: run_again(same, three_nights.full, night) for night in (FIRST, SECOND)},
            {night: run_again(fresh, three_nights.full, night) for night in (FIRST, SECOND)},
        )


@pytest.fixture(scope="module")
def replayed(three_nights: ThreeNights) -> Replayed:
    return make_world("replayed", partial(replay, three_nights), three_nights.full)


@pytest.mark.parametrize("night", [FIRST, SECOND], ids=str)
def test_a_replay_after_later_nights_does_not_rewrite_what_was_reported(
    replayed: Replayed, night: date
) -> None:
    assert len(replayed.nights[night]) > 25
    assert differing(replayed.same_data[night], replayed.nights[night]) == []


@pytest.mark.parametrize("night", [FIRST, SECOND], ids=str)
def test_a_rebuild_from_the_whole_drop_does_not_rewrite_what_was_reported(
    replayed: Replayed, night: date
) -> None:
    assert differing(replayed.fresh_data[night], replayed.nights[night]) == []


def test_the_nights_differ_so_that_equal_replays_mean_something(replayed: Replayed) -> None:
    for earlier, later in ((FIRST, SECOND), (SECOND, LAST)):
        changed = differing(replayed.nights[earlier], replayed.nights[later])
        assert {"marts.fct_training", "marts.mart_cadre_coverage", "restricted.identity_link"} <= {*changed}


def test_every_late_export_counts_from_the_night_it_came(three_nights: ThreeNights) -> None:
    for night in NIGHTS:
        with duckdb.connect(
            str(three_nights.versions[night] / "warehouse.duckdb"), read_only=True
        ) as version:
            rows = version.execute("select split_part(source_file, '#', 1) from ops.ops_batch").fetchall()
        assert {name for (name,) in rows} & {*LATE} == {n for n, came in LATE.items() if came <= night}


def test_a_night_whose_snapshot_comes_late_says_so(three_nights: ThreeNights) -> None:
    report = three_nights.reports[SECOND]
    assert report.exit_code == 3
    assert report.missing_sources == {"cadre": f"newest export is of {FIRST}"}


def test_a_workbook_is_of_the_day_it_was_saved(three_nights: ThreeNights) -> None:
    """Not of the run that first lands it: a replay in another order would then count it on another day."""
    with duckdb.connect(str(three_nights.versions[LAST] / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select distinct business_date from ops.ops_batch where source_file like ?", [WORKBOOK + "%"]
        ).fetchall()
    assert rows == [(SECOND,)]
