"""Whole nights as processes: what people release is published by the next one as if it had come right."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.compare_warehouses import OF_FORMER_NIGHTS, differing, read_tables
from tests.faults.invariants import check_invariants
from tests.faults.nights import FIRST, LAST, Deployment, keep_secret_of
from tests.processes import Forked, run_program
from tests.quarantine.planted_city import Planted, plant
from tests.worlds import make_world

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class WorkedOff:
    """Two nights with decisions between them; the last night replayed, and without any fault."""

    planted: Planted
    city: Deployment
    first: Path
    last: Path
    first_again: dict[str, Any]
    replayed: Path
    right: Path

    def query(self, version: Path, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(version / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def ask(city: Deployment, *arguments: str) -> Any:
    """What the real program answers."""
    command = ("quarantine", *arguments, "--json", "--data-dir", str(city.data_dir))
    with Forked(run_program, *command) as process:
        stdout, stderr = process.communicate()
    assert process.returncode == 0, stderr
    return json.loads(stdout)


def find_row(city: Deployment, entity: str, field: str, key: str, value: str) -> str:
    """The id of a quarantined row, as its owner finds it: by what was delivered."""
    (group,) = [
        one for one in ask(city, "list")["groups"] if (one["entity"], one["field"]) == (entity, field)
    ]
    rows = ask(city, "show", group["group"], "--payload")
    (found,) = [row["id"] for row in rows if json.loads(row["delivered"])[key] == value]
    return str(found)


def work_off(city: Deployment, planted: Planted) -> None:
    """What a person does in the morning after the first night."""
    why = ("--why", "asked the system's operator", "--by", "desk")
    row = find_row(city, "enrollment", "result", "enrollment_id", planted.enrollment)
    ask(city, "release", row, "--set", "result=passed", *why)
    ask(city, "release", "--all", "--entity", "course", "--reason", "below 0", *why)
    ask(city, "discard", "--all", "--entity", "evaluation", "--field", "score", *why)
    row = find_row(city, "records", "study_seconds", "record_id", planted.record)
    ask(city, "release", row, "--set", f"study_seconds={planted.study_seconds}", *why)
    row = find_row(city, "records", "study_seconds", "record_id", planted.corrected_later)
    ask(city, "release", row, "--set", "study_seconds=1", *why)
    row = find_row(city, "statements", "timestamp", "id", planted.statement)
    ask(city, "release", row, "--set", f"timestamp={planted.timestamp}", *why)


def run_worked_off(folder: Path) -> WorkedOff:
    """Both nights with the decisions, the replay, and the city in which nothing was wrong."""
    planted = plant(folder)
    city = Deployment(planted.faulty, folder / "city")
    # The app's phones were silent that day: the night is published, and says so.
    assert city.run(FIRST).exit_code == 3
    first = city.published
    work_off(city, planted)
    first_again = city.run(FIRST).report
    assert city.run(LAST).exit_code == 0
    replay = Deployment(planted.faulty, folder / "replay")
    right = Deployment(planted.right, folder / "as-it-should-be")
    for fresh in (replay, right):
        keep_secret_of(city, fresh)
    shutil.copytree(city.data_dir / "decisions", replay.data_dir / "decisions")
    for fresh in (replay, right):
        assert fresh.run(LAST).exit_code == 0
    return WorkedOff(planted, city, first, city.published, first_again, replay.published, right.published)


@pytest.fixture(scope="module")
def worked_off() -> WorkedOff:
    return make_world("worked-off", run_worked_off)


def test_released_rows_count_as_if_they_had_been_exported_right(worked_off: WorkedOff) -> None:
    """Enrolment, emptied hours, record and statement count; the discarded rating counts for nothing."""
    last, right = read_tables(worked_off.last), read_tables(worked_off.right)
    # The ledger names its batch: another file, another name.
    differ = [
        name
        for name in differing(last, right)
        if not name.startswith("ops.") and name not in OF_FORMER_NIGHTS
    ]
    assert differ in ([], ["marts.fct_training"])
    ledger = "select * exclude (batch_id) from marts.fct_training order by all"
    assert worked_off.query(worked_off.last, ledger) == worked_off.query(worked_off.right, ledger)
    key = f"select count(*) from marts.fct_enrollment where enrollment_id = '{worked_off.planted.enrollment}'"
    assert worked_off.query(worked_off.first, key) == [(0,)]
    assert worked_off.query(worked_off.last, key) == [(1,)]


def test_the_same_files_and_decisions_give_the_same_warehouse_in_a_fresh_folder(
    worked_off: WorkedOff,
) -> None:
    last = read_tables(worked_off.last)
    assert {*differing(last, read_tables(worked_off.replayed))} <= OF_FORMER_NIGHTS
    assert len(last) > 50


def test_a_night_that_was_reported_is_not_rewritten_by_what_was_decided_after_it(
    worked_off: WorkedOff,
) -> None:
    assert worked_off.first_again["is_up_to_date"] is True


def test_every_row_is_accounted_for_after_people_have_decided(worked_off: WorkedOff) -> None:
    check_invariants(worked_off.city.settings)
    counts = """select sum(rows_read), sum(rows_loaded + rows_quarantined + rows_superseded),
        sum(rows_quarantined), sum(rows_discarded) from ops.ops_batch
        where is_in_use and entity in ('enrollment', 'course', 'evaluation', 'records', 'statements')"""
    ((read, accounted, quarantined, discarded),) = worked_off.query(worked_off.last, counts)
    assert read == accounted and (quarantined, discarded) == (1, 1)
    before = worked_off.query(worked_off.first, counts)[0]
    assert before[0] == before[1] and before[2:] == (6, 0)


def test_the_operations_dashboard_tells_open_released_and_discarded(worked_off: WorkedOff) -> None:
    told = """select action, action_name, action_name_en, sum(faults) from ops.ops_quarantine_reason
        group by all order by action"""
    assert worked_off.query(worked_off.first, told) == [
        ("quarantined", "整行隔离（待处理）", "Row left out (open)", 6)
    ]
    assert worked_off.query(worked_off.last, told) == [
        ("discarded", "确认剔除", "Left out for good", 1),
        ("released", "已放行入库", "Released", 5),
    ]
    # Nothing is left to do: no file of the night asks for somebody because of these rows.
    attention = (
        "select count(*) filter (where needs_attention), count(*) filter (where rows_quarantined > 0) "
    )
    attention += "from ops.ops_batch where is_in_use"
    ((asking, quarantined),) = worked_off.query(worked_off.first, attention)
    assert asking == quarantined >= 5
    assert worked_off.query(worked_off.last, attention) == [(0, 1)]
