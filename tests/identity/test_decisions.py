"""Decisions and planted blanks, through the raw tables of a small city, as a night would read them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from connectors.zones import Zones
from ganxun.steps.identity_inputs import DECISION_COLUMNS, add_identity_tables
from simulator import SimulationPlan
from tests.drops import CITY_SMALL_DATE
from tests.identity.conftest import build_identity, land_city
from tests.worlds import make_world

pytestmark = pytest.mark.dbt

PLANTED = ("zeros", "ones", "unknown_name", "blank", "namesake")


def build_undecided_city(folder: Path) -> Path:
    """200 cadres with identity built, before anybody has decided anything.

    Planted: a cadre and a student who share fifteen ones, a number of zeros, a name that stands for none, or
    no name; and a student with the name and unit of two cadres.
    """
    plan = SimulationPlan(cadres=200, start=date(2021, 1, 1), end=CITY_SMALL_DATE, seed=11)
    with pytest.MonkeyPatch.context() as monkeypatch:
        work_file, _ = land_city(plan, folder, monkeypatch)
    with duckdb.connect(str(work_file)) as connection:
        [[person, student]] = connection.execute(
            "select (select max(a0000) from raw.cadre__person), "
            "(select max(student_id) from raw.academic__student)"
        ).fetchall()
        for table in ("cadre__person", "academic__student"):
            connection.execute(f"create table raw.before_{table} as from raw.{table}")
            connection.execute(f"drop view raw.{table}")
            connection.execute(f"create table raw.{table} as from raw.before_{table}")
            connection.execute(f"drop table raw.before_{table}")
        for planted, name, number in (
            ("zeros", "甲乙丙", "000000000000000000"),
            ("ones", "丁戊己", "111111111111111"),
            ("unknown_name", "不详", None),
            ("blank", "", None),
        ):
            _plant(connection, person, student, planted, [f"{planted}_cadre"], name, number)
            # the number is what the two share, so their names differ
            other = "庚辛壬" if number else name
            connection.execute(
                "update raw.academic__student set name = $1, name_nfkc = $1 where student_id = $2",
                [other, planted],
            )
        _plant(connection, person, student, "namesake", ["one", "other"], "癸子丑", None)
    build_identity(work_file, folder)
    return work_file


@pytest.fixture(scope="module")
def work_file() -> Path:
    return make_world("undecided-city", build_undecided_city)


def _plant(
    connection: duckdb.DuckDBPyConnection,
    person: str,
    student: str,
    planted: str,
    codes: list[str],
    name: str,
    number: str | None,
) -> None:
    """Cadres and a student of one unit with one name and number and nothing else to tell them by."""
    for code in codes:
        connection.execute(
            """insert into raw.cadre__person select * replace ($1 as a0000, $2 as a0101, $2 as a0101_nfkc,
            $3 as a0184, null as a0104, null as a0107) from raw.cadre__person where a0000 = $4""",
            [code, name, number, person],
        )
    connection.execute(
        """insert into raw.academic__student select * replace ($1 as student_id, $2 as name, $2 as name_nfkc,
        $3 as id_number, null as sex, null as birth, null as staff_no, null as unit_name,
        (select max(a0195) from raw.cadre__person where a0000 = $4) as unit_code)
        from raw.academic__student where student_id = $5""",
        [planted, name, number, person, student],
    )


def links(work_file: Path, where: str) -> dict[tuple[str, str], tuple[str | None, str | None, str | None]]:
    """(source, person) > (person code, rule, decided by)."""
    with duckdb.connect(str(work_file), read_only=True) as connection:
        rows = connection.execute(
            "select source, source_person_id, person_code, rule, decided_by "
            f"from restricted.identity_link where {where}"
        ).fetchall()
    return {(source, person): (code, rule, by) for source, person, code, rule, by in rows}


@pytest.mark.parametrize("planted", PLANTED)
def test_nobody_is_tied_by_a_blank_a_placeholder_or_a_shared_name(work_file: Path, planted: str) -> None:
    found = links(work_file, f"source = 'academic' and source_person_id = '{planted}'")
    assert found == {("academic", planted): (None, None, None)}


def test_namesakes_of_one_unit_wait_for_a_person(work_file: Path) -> None:
    with duckdb.connect(str(work_file), read_only=True) as connection:
        rows = connection.execute(
            "select person_code, source_name, cadre_name from restricted.identity_review "
            "where source_person_id = 'namesake' order by person_code"
        ).fetchall()
    assert rows == [("one", "癸子丑", "癸子丑"), ("other", "癸子丑", "癸子丑")]


@pytest.fixture(scope="module")
def decided(work_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """The same city after three decisions; and the people decided about.

    A user with the right number is rejected, one tied by a name is confirmed as somebody else, and the
    namesake is confirmed as one of the two.
    """
    folder = tmp_path_factory.mktemp("after")
    with duckdb.connect(str(work_file), read_only=True) as connection:
        [[rejected, code]] = connection.execute(
            "select source_person_id, person_code from restricted.identity_link "
            "where source = 'academy' and rule = 'id_number' order by all limit 1"
        ).fetchall()
        [[moved, other]] = connection.execute(
            "select source_person_id, (select min(person_code) from restricted.cadre_identity) "
            "from restricted.identity_link where source = 'mobile' and rule like 'name%' order by all limit 1"
        ).fetchall()
    zones = Zones(folder)
    zones.create()
    with zones.identity_decisions.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(DECISION_COLUMNS)
        writer.writerow(["academy", rejected, code, "rejected", "王敏", "2026-06-30", ""])
        writer.writerow(["mobile", moved, other, "confirmed", "王敏", "2026-06-30", "asked"])
        writer.writerow(["academic", "namesake", "other", "confirmed", "李强", "2026-06-29", ""])
        writer.writerow(["academic", "zeros", "zeros_cadre", "confirmed", "李强", "2026-07-01", "tomorrow"])
    copy = folder / "work.duckdb"
    copy.write_bytes(work_file.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for table in ("decision", "history"):
            connection.execute(f"drop view staging.stg_ops__identity_{table}")
            connection.execute(f"drop table raw.ops__identity_{table}")
        add_identity_tables(connection, zones, CITY_SMALL_DATE)
    select = ("stg_ops__identity_decision+", "stg_ops__identity_history")
    inside = tuple(f"{start},+identity_review" for start in select)
    build_identity(
        copy, folder, select=(*inside, *(f"{start},+identity_link" for start in select), "identity_link")
    )
    yield copy, [rejected, code, moved, other]


def test_a_decision_goes_before_every_rule(work_file: Path, decided: tuple[Path, list[str]]) -> None:
    after, [rejected, code, moved, other] = decided
    before = links(work_file, "true")
    found = links(after, "true")
    assert found["academy", rejected][0] != code
    assert found["academy", moved] == found["mobile", moved] == (other, "decision", "王敏")
    assert found["academic", "namesake"] == ("other", "decision", "李强")
    assert found["academic", "zeros"] == (None, None, None), "tomorrow's decision counts from tomorrow"
    touched = {rejected, moved, "namesake"}
    assert {key: link for key, link in before.items() if key[1] not in touched} == {
        key: link for key, link in found.items() if key[1] not in touched
    }


def test_what_is_decided_leaves_the_review_list(decided: tuple[Path, list[str]]) -> None:
    with duckdb.connect(str(decided[0]), read_only=True) as connection:
        rows = connection.execute(
            "select count(*) from restricted.identity_review where source_person_id = 'namesake'"
        ).fetchall()
    assert rows == [(0,)]
