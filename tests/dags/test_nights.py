"""Nights run through the DAGs, for real: the steps, drops and warehouse are those of the command line."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import Settings
from tests.alerts.servers import Mailbox
from tests.dags.conftest import lead_mail_to
from tests.dags.runs import Run, find_events, forget_events, run_by_hand, run_for_partition
from tests.steps.suspicious import accept_file, write_people

pytestmark = pytest.mark.e2e

D = "2026-06-30"
ALL_DONE = dict.fromkeys(("needs_building", "build", "check", "publish", "tell"), "success")


@dataclass(frozen=True)
class DagNight:
    """A night of the simulated city by DAGs: each run, the asset events, and where the data are."""

    settings: Settings
    landings: dict[str, Run]
    events: Counter[tuple[str, str | None]]
    build: Run
    build_again: Run
    told_at_the_hour: Run
    mails: Mailbox


@pytest.fixture(scope="module")
def dag_night(dag_bag, simulated_city: Path, tmp_path_factory, mail_server) -> DagNight:
    """One night with a cut export of the academy: four landings, the deadline, the build, the build again.

    Then the hour of publishing; messages go to a mail server.

    The cut file is one of study sessions, and the whole one sent after it is held back: the marts of units
    do not depend on sessions, so they must be those of the command line with all files.
    """
    folder = tmp_path_factory.mktemp("dag-night")
    not_sent = shutil.ignore_patterns("sessions-0701_r2.ndjson.gz")
    shutil.copytree(simulated_city, folder / "drop", ignore=not_sent)
    forget_events()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANXUN_DATA_DIR", str(folder / "data"))
        patch.setenv("GANXUN_DROP", str(folder / "drop"))
        lead_mail_to(mail_server, patch)
        landings = {
            dag_id: run_by_hand(dag_bag.dags[dag_id], business_date=D)
            for dag_id in ("land_cadre", "land_academic", "land_academy", "land_mobile")
        }
        run_by_hand(dag_bag.dags["close_night"], business_date=D)
        return DagNight(
            settings=Settings(),
            landings=landings,
            events=find_events(),
            build=run_for_partition(dag_bag.dags["build_warehouse"], D),
            build_again=run_for_partition(dag_bag.dags["build_warehouse"], D),
            told_at_the_hour=run_by_hand(dag_bag.dags["tell_night"], business_date=D),
            mails=mail_server.box,
        )


def test_a_cut_file_of_the_academy_is_red_and_leaves_the_other_three_alone(dag_night):
    assert {dag_id: run.state for dag_id, run in dag_night.landings.items()} == {
        "land_cadre": "success",
        "land_academic": "success",
        "land_academy": "failed",
        "land_mobile": "success",
    }


def test_what_has_landed_and_the_deadline_are_told_with_the_business_date_and_nothing_else_is(dag_night):
    assert dag_night.events == {
        ("landed_cadre", D): 1,
        ("landed_academic", D): 1,
        ("landed_mobile", D): 1,
        ("night_deadline", D): 1,
    }


def test_the_deadline_publishes_what_there_is_and_the_same_as_the_command_line(dag_night, simulated_night):
    assert dag_night.build.tasks == ALL_DONE
    assert read_marts(dag_night.settings) == read_marts(simulated_night.settings)


def test_a_second_signal_of_a_night_does_not_build_it_twice(dag_night):
    assert dag_night.build_again.tasks == {
        "needs_building": "success",
        "build": "skipped",
        "check": "skipped",
        "publish": "skipped",
        "tell": "success",
    }


def test_a_night_without_a_part_of_the_academy_sends_one_mail_that_says_so(dag_night):
    assert dag_night.told_at_the_hour == Run("success", {"tell": "success"}, {"tell": 1})
    (mail,) = dag_night.mails.mails
    assert "数据已发布，但缺干部网络学院（一部分） / " in mail["subject"]
    text = dag_night.mails.text()
    assert "academy/20260630/sessions-0701.ndjson.gz" in text
    assert f"--date {D} --alert --data-dir {dag_night.settings.data_dir}" in text
    assert "/dags/build_warehouse/runs/asset_triggered__" in text


def test_a_message_names_nobody(dag_night):
    restricted = str(dag_night.settings.zones.restricted)
    with duckdb.connect(restricted, read_only=True) as connection:
        people = connection.execute("select name, person_code from restricted.cadre_identity").fetchall()
    assert len(people) > 100
    told = dag_night.mails.text() + dag_night.mails.html()
    assert not any(name in told or code in told for name, code in people)


def test_what_travels_between_tasks_is_small_and_names_nobody(dag_night):
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        values = [(row.task_id, str(row.value)) for row in session.query(XComModel)]
    assert {"land", "build", "check"} <= {task_id for task_id, _ in values}
    restricted = str(dag_night.settings.zones.restricted)
    with duckdb.connect(restricted, read_only=True) as connection:
        people = connection.execute("select name, person_code from restricted.cadre_identity").fetchall()
    for _, value in values:
        assert len(value) < 1000
        assert not any(name in value or code in value for name, code in people)


def read_marts(settings: Settings) -> dict[str, list[tuple]]:
    """Marts of units, which carry no key made with the deployment's own secret.

    Hours are rounded: a sum of floats depends on the order of its parts.
    """
    with duckdb.connect(str(settings.zones.warehouse), read_only=True) as connection:
        return {
            table: connection.execute(f"select {columns} from marts.{table} order by all").fetchall()
            for table, columns in {
                "mart_unit_coverage": "* replace (round(hours_per_head, 6) as hours_per_head)",
                "mart_unit_layout": "* replace (round(credited_hours, 6) as credited_hours)",
                "mart_unit_weak_spot": "*",
            }.items()
        }


@pytest.fixture
def drop(simulated_city: Path, tmp_path, monkeypatch) -> Path:
    """An empty drop for exports of the cadre system, and a data directory of its own."""
    monkeypatch.setenv("GANXUN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GANXUN_DROP", "")
    forget_events()
    (tmp_path / "drop" / "cadre").mkdir(parents=True)
    return tmp_path / "drop"


def test_a_damaged_export_is_red_at_once_for_trying_again_heals_nothing(dag_bag, drop, simulated_city: Path):
    package = (simulated_city / "cadre" / "GBGL_20260630.zip").read_bytes()
    (drop / "cadre" / "GBGL_20260630.zip").write_bytes(package[:-2000])
    run = run_by_hand(dag_bag.dags["land_cadre"], retries=1, business_date=D, drop=str(drop))
    assert run == Run("failed", {"land": "failed"}, {"land": 1})
    assert find_events() == {}


def test_a_suspicious_export_is_red_at_once_with_its_numbers_until_it_is_accepted(dag_bag, drop, capfd):
    write_people(drop, date(2026, 6, 29), 40)
    write_people(drop, date(2026, 6, 30), 3)
    landing = dag_bag.dags["land_cadre"]
    assert run_by_hand(landing, business_date="2026-06-29", drop=str(drop)).state == "success"
    forget_events()
    capfd.readouterr()
    run = run_by_hand(landing, retries=1, business_date=D, drop=str(drop))
    assert run == Run("failed", {"land": "failed"}, {"land": 1})
    assert find_events() == {}
    assert "person 3 rows, 40 before (down 92.5%, limit 20%)" in "".join(capfd.readouterr())
    accept_file(Settings(), "cadre/GBGL_20260630.zip")
    assert run_by_hand(landing, business_date=D, drop=str(drop)).state == "success"
    assert find_events() == {("landed_cadre", D): 1}


def test_a_late_export_is_looked_for_again_though_last_nights_was_damaged(
    dag_bag, drop, simulated_city: Path
):
    # The simulated city's export of the 29th does not match its manifest.
    shutil.copy(simulated_city / "cadre" / "GBGL_20260629.zip", drop / "cadre")
    run = run_by_hand(dag_bag.dags["land_cadre"], retries=1, business_date=D, drop=str(drop))
    assert run == Run("failed", {"land": "failed"}, {"land": 2})
    assert find_events() == {}


def test_a_deployment_without_a_drop_does_not_read_the_working_directory(dag_bag, drop):
    run = run_by_hand(dag_bag.dags["land_cadre"], retries=1, business_date=D)
    assert run == Run("failed", {"land": "failed"}, {"land": 1})


def test_a_run_without_a_date_is_for_the_local_day_before(dag_bag, drop, monkeypatch):
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    before = datetime.now(UTC)
    run_by_hand(dag_bag.dags["close_night"])
    days = {
        (moment.astimezone(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)).isoformat()
        for moment in (before, datetime.now(UTC))
    }
    ((asset, partition),) = find_events()
    assert asset == "night_deadline"
    assert partition in days
