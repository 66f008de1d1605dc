"""Which DAGs there are, when they run, and what starts the build."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from ganxun.servers import DAGS_FOLDER, POOLS_FILE
from ganxun.settings import SOURCES

LANDINGS = [f"land_{source}" for source in SOURCES]


def test_no_source_is_without_its_landing_dag(dag_bag):
    assert set(dag_bag.dags) == {
        "land_cadre",
        "land_academic",
        "land_academy",
        "land_mobile",
        "close_night",
        "build_warehouse",
        "tell_night",
    }


def test_a_scheduler_that_was_down_for_a_week_does_not_start_seven_nights_at_once(dag_bag):
    for dag in dag_bag.dags.values():
        assert dag.max_active_runs == 1
        assert not dag.catchup


@pytest.mark.parametrize(
    ("dag_id", "local_hour"), [*((dag_id, 2) for dag_id in LANDINGS), ("close_night", 5), ("tell_night", 6.5)]
)
def test_a_run_after_midnight_in_shanghai_is_for_the_day_before(dag_bag, dag_id, local_hour, monkeypatch):
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables import trigger
    from airflow.timetables.base import TimeRestriction

    # 30 June, noon in UTC: the next tick is in the night to 1 July.
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    monkeypatch.setattr(trigger, "utcnow", lambda: now)
    timetable = coerce_to_core_timetable(dag_bag.dags[dag_id].timetable)
    info = timetable.next_dagrun_info_v2(
        last_dagrun_info=None, restriction=TimeRestriction(None, None, catchup=False)
    )
    assert info.run_after == datetime(2026, 6, 30, 16, tzinfo=UTC) + timedelta(hours=local_hour)
    assert info.partition_key == "2026-06-30"


@pytest.mark.parametrize("source", SOURCES)
def test_a_landing_that_says_nothing_leaves_the_build_waiting(dag_bag, source):
    (outlet,) = dag_bag.dags[f"land_{source}"].get_task("land").outlets
    assert outlet.uri == f"x-ganxun://landed/{source}"


@pytest.mark.parametrize(
    ("events", "starts"),
    [
        (["cadre", "academic", "academy", "mobile"], True),
        (["cadre", "academic", "academy"], False),
        (["deadline"], True),
        (["cadre", "deadline"], True),
        ([], False),
    ],
)
def test_the_build_starts_neither_before_all_four_have_landed_nor_after_the_deadline(dag_bag, events, starts):
    from airflow.assets.evaluation import AssetEvaluator
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.utils.session import create_session

    condition = coerce_to_core_timetable(dag_bag.dags["build_warehouse"].timetable).asset_condition
    assets = {key.uri.rsplit("/", 1)[-1]: key for key, _ in condition.iter_assets()}
    assert set(assets) == {*SOURCES, "deadline"}
    with create_session() as session:
        happened = {assets[event]: True for event in events}
        assert AssetEvaluator(session).run(condition, statuses=happened) is starts


def test_two_builds_never_write_one_warehouse(dag_bag):
    assert json.loads(POOLS_FILE.read_text())["warehouse"]["slots"] == 1
    dag = dag_bag.dags["build_warehouse"]
    for task_id in ("build", "check", "publish"):
        assert dag.get_task(task_id).pool == "warehouse"
    assert [task.task_id for task in dag.topological_sort()] == [
        "needs_building",
        "build",
        "check",
        "publish",
        "tell",
    ]


def test_no_task_can_hang_for_ever_or_give_up_at_the_first_hiccup(dag_bag):
    for dag in dag_bag.dags.values():
        for task in dag.tasks:
            assert task.execution_timeout is not None, task
            assert task.retries >= 2, task
    for dag_id in LANDINGS:
        land = dag_bag.dags[dag_id].get_task("land")
        assert land.retry_exponential_backoff == 2
        assert land.max_retry_delay == timedelta(minutes=10)


def test_the_last_look_for_a_late_export_is_before_the_deadline(dag_bag):
    land = dag_bag.dags["land_cadre"].get_task("land")
    waits = [min(land.retry_delay * 2**n, land.max_retry_delay) for n in range(land.retries)]
    assert timedelta(hours=2) < sum(waits, timedelta()) < timedelta(hours=3)


def test_parsing_the_dags_does_not_stall_the_scheduler_with_heavy_imports():
    heavy = ("great_expectations", "dbt", "duckdb", "pandas", "pyarrow", "ganxun.steps.land", "splink")
    code = (
        "import runpy, sys; sys.path.insert(0, sys.argv[1]);"
        "import pathlib; [runpy.run_path(str(p)) for p in sorted(pathlib.Path(sys.argv[1]).glob('*.py'))];"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(DAGS_FOLDER)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
