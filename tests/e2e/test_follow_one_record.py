"""The record that the README follows, through every file, to the bar that it changes.

The city is that of `make run`; the README's figures are held against what the night really made of it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ganxun.night import run_night
from ganxun.settings import PROJECT_ROOT, Settings
from simulator import SimulationPlan, simulate
from tests.drops import CITY_SMALL_DATE
from tests.nights import Night
from tests.worlds import make_world

pytestmark = pytest.mark.e2e

ATTENDANCE, ENROLLMENT, LESSON, CLASS = "KQ1002626", "BM1010811", "K1007415", "BC202400083"
UNIT = "001.031.011"
COPY = "academic/JWGL_20260630.sqlite"
ROW = 2119
BOARD = (
    "select due, red, yellow, green from marts.mart_unit_board "
    f"where unit_code = '{UNIT}' and member_kind = 'total' and rank_group = 'all'"
)
COVERAGE = (
    "select coverage.statutory_days, coverage.statutory_hours, coverage.light "
    "from marts.mart_cadre_coverage as coverage join marts.fct_enrollment using (cadre_key) "
    f"where enrollment_id = '{ENROLLMENT}'"
)


def run_demo(folder: Path) -> Night:
    """The night of `make run`."""
    recipe = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    written = re.search(r"--cadres (\d+) --from (\S+) --to \S+ --seed (\d+) --nights (\d+)", recipe)
    assert written is not None
    cadres, start, seed, nights = written.groups()
    plan = SimulationPlan(int(cadres), date.fromisoformat(start), CITY_SMALL_DATE, int(seed), int(nights))
    simulate(plan, folder / "drop")
    settings = Settings(data_dir=folder / "data")
    return Night(settings, folder / "drop", run_night(settings, str(folder / "drop"), CITY_SMALL_DATE))


@pytest.fixture(scope="module")
def demo() -> Night:
    return make_world("demo", run_demo, PROJECT_ROOT / "Makefile")


def test_the_export_says_absent(demo: Night) -> None:
    with sqlite3.connect(f"file:{demo.drop / COPY}?mode=ro", uri=True) as database:
        row = database.execute(
            "select rowid, lesson_id, enrollment_id, status from attendance where attendance_id = ?",
            (ATTENDANCE,),
        ).fetchone()
        lesson = database.execute(
            "select class_id, lesson_date, start_time, hours from lesson where lesson_id = ?", (LESSON,)
        ).fetchone()
        hours = database.execute("select sum(hours) from lesson where class_id = ?", (CLASS,)).fetchone()
    assert row == (ROW, LESSON, ENROLLMENT, "absent")
    assert lesson == (CLASS, "2024-08-08", "14:00", 4.0)
    assert hours == (24.0,)


def test_landing_keeps_the_bytes_and_raw_knows_the_row(demo: Night) -> None:
    content = (demo.drop / COPY).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    zones = demo.settings.zones
    assert (zones.landing / "academic" / digest[:2] / digest).read_bytes() == content
    raw = duckdb.sql(
        f"select status, _source_row from '{zones.raw}/academic__attendance/*.parquet' "
        f"where attendance_id = '{ATTENDANCE}' and _source_file = '{COPY}#attendance'"
    ).fetchall()
    assert raw == [("absent", ROW)]


def test_the_ledger_earns_nothing_and_says_why(demo: Night) -> None:
    assert demo.query(
        "select mode, is_statutory, class_days, result, attended_hours, leave_hours, absent_hours, "
        f"credited_hours from marts.fct_enrollment where enrollment_id = '{ENROLLMENT}'"
    ) == [("off_job", True, 3, "passed", 20.0, 0.0, 4.0, 0.0)]
    assert demo.query(
        "select count(*), sum(raw_hours), sum(credited_hours), min(credit_status), max(credit_status), "
        f"min(source_file) from marts.fct_training where enrollment_id = '{ENROLLMENT}'"
    ) == [(5, 20.0, 0.0, "excess_leave", "excess_leave", f"{COPY}#enrollment")]


def test_the_light_and_the_bar(demo: Night) -> None:
    assert demo.query(COVERAGE) == [(58, 383.0, "yellow")]
    assert demo.query(BOARD) == [(11, 0, 9, 2)]


def test_correcting_the_one_row_moves_the_bar(demo: Night, tmp_path: Path) -> None:
    """The academic system sends the night again with `present`: one light of the unit turns, no other."""
    data_dir, drop = tmp_path / "data", tmp_path / "drop"
    shutil.copytree(demo.settings.data_dir, data_dir, symlinks=True)
    shutil.copytree(demo.drop, drop)
    corrected = drop / COPY.replace(".sqlite", "_r2.sqlite")
    shutil.copy(drop / COPY, corrected)
    with sqlite3.connect(corrected) as database:
        database.execute("update attendance set status = 'present' where rowid = ?", (ROW,))
    settings = Settings(data_dir=data_dir)
    night = Night(settings, drop, run_night(settings, str(drop), CITY_SMALL_DATE))
    assert night.report.published is not None
    assert night.query(COVERAGE) == [(61, 407.0, "green")]
    assert night.query(BOARD) == [(11, 0, 8, 3)]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_tells_the_same_story(page: str) -> None:
    text = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    told = [ATTENDANCE, ENROLLMENT, LESSON, CLASS, UNIT, COPY, str(ROW), "excess_leave", "58", "61"]
    told += ["| 9 | 2 |", "| 8 | 3 |"]
    assert [value for value in told if value not in text] == []
