"""Careers over nights: promotion, transfer, leaving and coming back, mergers, corrections, late files.

A small simulated city with three nights whose cadre exports are written by hand from the first one, so that
every change is known; the history is held against a second, naive reading of the same exports, day by day
(docs/history.md).
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import SOURCES, Settings
from ganxun.steps.build import build
from simulator import SimulationPlan, simulate
from tests.e2e.careers import (
    COURSE,
    FIRST,
    NIGHTS,
    SECOND,
    THIRD,
    WINDOW_START,
    City,
    Export,
    add_records,
    choose_cast,
    days_of,
    land_night,
    naive_day,
    write_nights,
)
from tests.worlds import make_world

pytestmark = pytest.mark.e2e


def build_careers(folder: Path) -> City:
    """Three nights, each landed on its own night; built on the third."""
    drop = folder / "drop"
    simulate(
        SimulationPlan(cadres=100, start=date(2021, 1, 1), end=THIRD, seed=5, nights=3, dirty=False), drop
    )
    base = Export.read(drop / "cadre" / f"GBGL_{FIRST:%Y%m%d}.zip")
    with duckdb.connect() as connection:
        users = dict(
            connection.execute(
                f"select person_code, min(source_person_id) from '{drop}.truth/identity.parquet' "
                "where source = 'academy' and person_code is not null group by person_code"
            ).fetchall()
        )
    cast = choose_cast(base, users)
    exports = write_nights(base, cast)
    add_records(drop, users, cast, base)
    settings = Settings(data_dir=folder / "data")
    for night, export in zip(NIGHTS, exports, strict=True):
        export.write(drop, night)
        land_night(settings, drop, night)
    run = build(settings, THIRD)
    return City(exports, cast, drop, settings, run.work_file(settings))


@pytest.fixture(scope="module")
def city() -> City:
    return make_world("careers", build_careers)


def test_a_promotion_counts_from_its_day_and_starts_one_year(city: City) -> None:
    rows = city.query(
        """select person_code, expected_hours, meets_five_year, in_promotion_grace, promotion_deadline,
                  promotion_overdue
           from marts.mart_cadre_coverage join keys using (cadre_key) where list_contains(?, person_code)""",
        city.cast.promoted,
    )
    assert len(rows) == len(city.cast.promoted) > 2
    for _, expected, meets, in_grace, deadline, overdue in rows:
        assert expected == pytest.approx(1824 * 90 / 365 + 2 * 110 / 365, abs=1e-6)
        assert (in_grace, deadline, overdue) == (not meets, None if meets else date(2027, 6, 29), False)
    assert not all(row[2] for row in rows)
    for person in city.cast.promoted:
        unit = city.exports[0].people[person]["A0195"]
        before, after = city.spans(person)
        assert before[3] == after[2] == SECOND
        assert after == (unit, "1A32", SECOND, None, "stay", "promotion", None)


def test_a_transfer_that_only_the_snapshots_know_counts_in_each_nights_unit(city: City) -> None:
    """The post was closed, the next not entered: two nights show two units, and the hours follow."""
    cast = city.cast
    assert [(row[0], row[2], row[3], row[4]) for row in city.spans(cast.transferred)[-2:]] == [
        (cast.passing_unit, SECOND, THIRD, "transfer"),
        (cast.heir_unit, THIRD, None, "transfer"),
    ]
    then_now = city.query(
        """select unit_code_then, unit_code_now, credited_hours from marts.fct_training
           join keys using (cadre_key) join marts.dim_course using (course_key)
           where person_code = ? and title = ?""",
        cast.transferred,
        COURSE["title"],
    )
    assert then_now == [(cast.passing_unit, cast.heir_unit, 2.0)]


def test_a_corrected_rank_leaves_no_trace_in_the_schedule(city: City) -> None:
    """One night said 1A32 by mistake: the county level's target would have been asked for five years."""
    [(expected, group)] = city.query(
        """select expected_hours, rank_group from marts.mart_cadre_coverage join keys using (cadre_key)
           where person_code = ?""",
        city.cast.corrected,
    )
    assert group == "section_below"
    assert expected == pytest.approx(1826 * 90 / 365, abs=1e-6)


def test_whoever_left_is_not_asked_for_the_days_away(city: City) -> None:
    cast = city.cast
    [*_, last] = city.spans(cast.retired)
    assert (last[3], last[6]) == (THIRD, "retired")
    away, back = city.spans(cast.returned)[-2:]
    assert (away[3], away[6]) == (SECOND, "transferred_out")
    assert (back[2], back[3], back[4]) == (THIRD, None, "return")
    [(expected, group)] = city.query(
        """select expected_hours, rank_group from marts.mart_cadre_coverage join keys using (cadre_key)
           where person_code = ?""",
        cast.returned,
    )
    assert expected == pytest.approx(1825 * (110 if group == "county_plus" else 90) / 365, abs=1e-6)
    assert city.spans(cast.gone) == []


def test_hours_of_merged_units_stay_where_they_were_earned_and_none_is_lost(city: City) -> None:
    """then: the old unit while it is in the tree, its successor once it has vanished; now: the successor."""
    cast = city.cast
    people = {
        unit: [code for code, row in city.exports[0].people.items() if row["A0195"] == unit]
        for unit in (cast.vanished_unit, cast.revoked_unit)
    }
    assert all(people.values())
    for unit, members in people.items():
        for person in members:
            assert [(row[0], row[2], row[4]) for row in city.spans(person)][-1] == (
                cast.heir_unit,
                SECOND,
                "merger",
            )
        assert city.query(
            """select distinct unit_code_then, unit_code_now from marts.fct_training
               join keys using (cadre_key) join marts.dim_course using (course_key)
               where list_contains(?, person_code) and title = ?""",
            members,
            COURSE["title"],
        ) == [(unit, cast.heir_unit)]

    def laid_out(attribution: str, unit: str) -> float:
        [(hours,)] = city.query(
            """select coalesce(round(sum(credited_hours), 1), 0) from marts.mart_unit_layout
               where attribution = ? and unit_code = ? and scope = 'direct'""",
            attribution,
            unit,
        )
        return hours

    def earned(column: str, *units: str) -> float:
        [(hours,)] = city.query(
            f"""select coalesce(round(sum(credited_hours), 1), 0) from marts.fct_training
                where list_contains(?, {column}) and activity_date >= date '2021-01-01'""",
            list(units),
        )
        return hours

    vanished, revoked, heir = cast.vanished_unit, cast.revoked_unit, cast.heir_unit
    assert earned("unit_code_then", vanished) > 0 and earned("unit_code_then", revoked) > 0
    assert laid_out("then", revoked) == earned("unit_code_then", revoked)
    assert laid_out("now", revoked) == 0
    assert laid_out("then", vanished) == laid_out("now", vanished) == 0
    assert laid_out("then", heir) == earned("unit_code_then", heir, vanished)
    assert laid_out("now", heir) == earned("unit_code_now", heir)


def test_no_day_of_any_career_differs_from_a_naive_reading(city: City) -> None:
    history = {
        (person, day): (unit, group)
        for person, unit, group, start, end in city.query(
            """select person_code, unit_code, rank_group, greatest(valid_from, date '2021-07-01'),
                      least(coalesce(valid_to, date '2026-07-01'), date '2026-07-01')
               from marts.dim_cadre_history join keys using (cadre_key)"""
        )
        for day in days_of(start, end)
    }
    hours = dict(
        city.query(
            "select person_code, expected_hours from marts.mart_cadre_coverage join keys using (cadre_key)"
        )
    )
    assert len(hours) > 60
    for person in city.exports[-1].people:
        expected = 0.0
        for day in days_of(WINDOW_START, THIRD + timedelta(days=1)):
            unit, group = naive_day(city, person, day)
            found = history.get((person, day))
            assert found == (None if unit is None else (unit, group)), (person, day)
            expected += {"county_plus": 110, "section_below": 90, None: 0}[group] / 365
        if person in hours:
            assert hours[person] == pytest.approx(expected, abs=1e-5), person


def test_nights_that_come_late_and_out_of_order_make_the_same_warehouse(city: City, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    settings.zones.create()
    shutil.copytree(city.settings.zones.keys, settings.zones.keys, dirs_exist_ok=True)
    land_night(settings, city.drop, THIRD, sources=tuple(source for source in SOURCES if source != "cadre"))
    late = tmp_path / "late"
    for night in (THIRD, FIRST, SECOND):
        (late / "cadre").mkdir(parents=True, exist_ok=True)
        name = f"GBGL_{night:%Y%m%d}.zip"
        shutil.copy(city.drop / "cadre" / name, late / "cadre" / name)
        land_night(settings, late, THIRD, sources=("cadre",))
    run = build(settings, THIRD)
    with duckdb.connect(str(run.work_file(settings)), read_only=True) as connection:
        connection.execute(f"attach '{city.work_file}' as in_order (read_only)")
        tables = [
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' "
                "and database_name <> 'in_order'"
            ).fetchall()
        ]
        assert {"dim_cadre_history", "mart_cadre_coverage", "mart_unit_layout"} <= set(tables)
        different = [
            name
            for name in tables
            if connection.execute(
                f"select count(*) from ((from marts.{name} except all from in_order.marts.{name}) "
                f"union all (from in_order.marts.{name} except all from marts.{name}))"
            ).fetchone()
            != (0,)
        ]
    assert different == []
