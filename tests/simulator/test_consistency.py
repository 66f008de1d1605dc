"""Keys meet, numbers are valid, and the city looks like a city."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from simulator import build_city
from simulator.academic_tables import tables_on
from simulator.catalogue import THEORY_PARTY
from simulator.classes import RUNNING, status_on
from tests.simulator import readers
from tests.simulator.conftest import Simulated, small_plan

REFERENCES = (
    ("training_class", "institution_id", "institution"),
    ("training_class", "theme_code", "theme"),
    ("training_class", "base_id", "base"),
    ("training_class", "head_teacher_id", "staff", "staff_id"),
    ("class_staff", "class_id", "training_class"),
    ("class_staff", "staff_id", "staff"),
    ("lesson", "class_id", "training_class"),
    ("lesson", "course_id", "course"),
    ("lesson", "teacher_id", "teacher"),
    ("enrollment", "class_id", "training_class"),
    ("enrollment", "student_id", "student"),
    ("attendance", "lesson_id", "lesson"),
    ("attendance", "enrollment_id", "enrollment"),
    ("evaluation", "enrollment_id", "enrollment"),
    ("assessment", "enrollment_id", "enrollment"),
    ("follow_up", "enrollment_id", "enrollment"),
    ("need_survey", "student_id", "student"),
)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r[0]}.{r[1]}")
def test_no_key_of_a_clean_database_leads_nowhere(clean_city: Simulated, reference: tuple[str, ...]) -> None:
    table, column, parent, *other = reference
    copy = readers.newest_copy(clean_city.drop)
    known = readers.sqlite_column(copy, parent, other[0] if other else column)
    used = readers.sqlite_column(copy, table, column) - {None}
    assert used, "nothing to compare"
    assert not used - known


@pytest.mark.parametrize("table", ["attendance", "enrollment"])
def test_only_the_planted_orphans_lead_nowhere(dirty_city: Simulated, table: str) -> None:
    copy = readers.newest_copy(dirty_city.drop)
    orphans = sum(
        len(
            readers.sqlite_rows(
                copy,
                f"SELECT * FROM {table} WHERE {column} NOT IN (SELECT {column} FROM {parent})",
            )
        )
        for child, column, parent, *_ in REFERENCES
        if child == table
    )
    listed = [
        f
        for f in dirty_city.report.dirt
        if f.kind == "orphan key" and f.file.endswith(f"{copy.name}#{table}")
    ]
    assert orphans == sum(f.rows for f in listed) == 2


def test_target_of_every_evaluation_exists(clean_city: Simulated) -> None:
    copy = readers.newest_copy(clean_city.drop)
    for kind, table, column in (
        ("course", "course", "course_id"),
        ("teacher", "teacher", "teacher_id"),
        ("staff", "staff", "staff_id"),
        ("training_class", "training_class", "class_id"),
        ("base", "base", "base_id"),
    ):
        rated = {
            t
            for k, t in readers.sqlite_rows(copy, "SELECT target_kind, target_id FROM evaluation")
            if k == kind
        }
        assert rated
        assert not rated - readers.sqlite_column(copy, table, column)


def test_academy_and_mobile_records_lead_to_users_and_courses(clean_city: Simulated) -> None:
    users = {item["user_id"] for item in readers.academy_items(clean_city.drop, "users")}
    courses = {item["course_id"] for item in readers.academy_items(clean_city.drop, "courses")}
    classes = {item["class_id"] for item in readers.academy_items(clean_city.drop, "classes")}
    records = readers.academy_items(clean_city.drop, "records")
    sessions = readers.academy_items(clean_city.drop, "sessions")
    assert {r["user_id"] for r in records} <= users
    assert {r["course_id"] for r in records} <= courses
    assert {r["class_id"] for r in records if r.get("class_id")} <= classes
    # A session ends a little before its record is written: the last export may lack the record.
    assert len({s["record_id"] for s in sessions} - {r["record_id"] for r in records}) <= 2
    for statement in readers.statements(clean_city.drop):
        assert statement["actor"]["account"]["name"] in users
        target = statement["object"]["id"]
        if target.startswith("https://academy.example/course/"):
            assert target.rpartition("/")[2] in courses


def test_a_voided_statement_was_made_before(clean_city: Simulated) -> None:
    made = readers.statements(clean_city.drop)
    keys = {statement["id"] for statement in made}
    voided = [s["object"]["id"] for s in made if s["verb"]["id"].endswith("/voided")]
    assert voided
    assert set(voided) <= keys
    assert len(made) > len(keys), "no statement was sent twice"


def test_person_codes_lead_to_people_and_units_to_the_tree(clean_city: Simulated) -> None:
    books = readers.newest_books(clean_city.drop)
    codes, units = {r["A0000"] for r in books["A01.csv"]}, {r["B0111"] for r in books["B01.csv"]}
    assert {r["A0000"] for r in books["A02.csv"]} == codes
    assert {r["A0000"] for r in books["A15.csv"]} <= codes
    assert {r["A0195"] for r in books["A01.csv"]} | {r["A0201B"] for r in books["A02.csv"]} <= units
    assert {r["SUCCESSOR"] for r in books["B01.csv"]} - {""} <= units


def test_every_id_number_of_the_books_is_valid_and_its_own(clean_city: Simulated) -> None:
    numbers = [row["A0184"] for row in readers.newest_books(clean_city.drop)["A01.csv"]]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
        assert number[17] == "10X98765432"[total % 11]
        assert number.startswith("5199")


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def test_main_posts_of_a_cadre_follow_each_other_without_gap(clean_city: Simulated) -> None:
    posts = defaultdict(list)
    for row in readers.newest_books(clean_city.drop)["A02.csv"]:
        if row["A0279"] == "1":
            posts[row["A0000"]].append((_day(row["A0243"]), _day(row["A0265"]) if row["A0265"] else "9999"))
    for spans in posts.values():
        spans.sort()
        for (_, removed), (appointed, _) in pairwise(spans):
            assert removed == appointed
    assert sum(len(spans) > 1 for spans in posts.values()) > 100


def _day(text: str) -> str:
    digits = text.replace(".", "")
    return digits if len(digits) == 8 else digits + "01"


def test_truth_names_every_student_user_and_workbook_row(dirty_city: Simulated) -> None:
    truth = readers.parquet(dirty_city.truth / "identity.parquet").to_pylist()
    by_source = defaultdict(dict)
    for row in truth:
        by_source[row["source"]][row["source_person_id"]] = row["person_code"]
    students = readers.sqlite_column(readers.newest_copy(dirty_city.drop), "student", "student_id")
    assert students <= set(by_source["academic"])
    assert {u["user_id"] for u in readers.academy_items(dirty_city.drop, "users")} <= set(
        by_source["academy"]
    )
    people = {row["A0000"]: row for row in readers.newest_books(dirty_city.drop)["A01.csv"]}
    known = [code for codes in by_source.values() for code in codes.values() if code]
    assert set(known) <= set(people)
    assert any(code is None for code in by_source["academic"].values())
    # The number that a student gave in full is that of the cadre the truth names.
    shared = {f for f in [r["A0184"] for r in people.values()]}
    rows = readers.sqlite_rows(
        readers.newest_copy(dirty_city.drop), "SELECT student_id, id_number FROM student"
    )
    full = [(s, n) for s, n in rows if n in shared]
    right = sum(people[by_source["academic"][s]]["A0184"] == n for s, n in full if by_source["academic"][s])
    assert right >= 0.97 * len(full) > 50


def test_some_leave_is_exactly_a_seventh_and_some_is_over(clean_city: Simulated) -> None:
    shares = readers.sqlite_rows(
        readers.newest_copy(clean_city.drop),
        """WITH total AS (SELECT class_id, sum(hours) h FROM lesson GROUP BY 1),
        missed AS (SELECT e.enrollment_id, e.class_id, sum(l.hours) h
          FROM attendance a JOIN lesson l USING (lesson_id) JOIN enrollment e USING (enrollment_id)
          WHERE a.status IN ('leave', 'absent') GROUP BY 1, 2)
        SELECT missed.h * 7 - total.h FROM missed JOIN total USING (class_id)""",
    )
    assert any(difference == 0 for (difference,) in shares)
    assert any(difference > 0 for (difference,) in shares)
    assert any(difference < 0 for (difference,) in shares)


def test_classes_of_every_status_and_kind_are_there(clean_city: Simulated) -> None:
    copy = readers.newest_copy(clean_city.drop)
    assert readers.sqlite_column(copy, "training_class", "status") == {
        "finished",
        "running",
        "planned",
        "cancelled",
    }
    assert readers.sqlite_column(copy, "training_class", "class_type") == {"1", "2", "3", "4", "B"}
    assert readers.sqlite_column(copy, "training_class", "leave_status") == {"1", "2", "3"}
    assert readers.sqlite_column(copy, "enrollment", "result") == {
        "passed",
        "failed",
        "withdrawn",
        "enrolled",
    }
    unfinished = """SELECT count(*) FROM enrollment JOIN training_class USING (class_id)
        WHERE status <> 'finished' AND result <> 'enrolled'"""
    assert readers.sqlite_rows(copy, unfinished) == [(0,)]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_city_is_so_small_that_no_class_is_running(seed: int) -> None:
    plan = small_plan(cadres=60, seed=seed)
    classes = build_city(plan).academic.classes
    assert RUNNING in status_on(classes, plan.end_day)


def test_the_dashboard_would_show_a_city_of_all_colours() -> None:
    """Off-job classes only, as rules.md colours them: red and green people, and units that differ."""
    city = build_city(small_plan(cadres=2000))
    classes, enrolments, cadres = city.academic.classes, city.academic.enrolments, city.cadres
    n, window = len(cadres), city.plan.end_day - 5 * 365
    counts = (
        (enrolments.cadre >= 0)
        & (enrolments.final == 0)
        & (classes.end <= city.plan.end_day)[enrolments.class_]
        & (classes.end > window)[enrolments.class_]
        & ~classes.cancelled[enrolments.class_]
    )
    recognized = city.catalogue.tables["institution"]["recognized"].to_numpy()[classes.school] == 1
    statutory = counts & (recognized & (classes.leave == 1))[enrolments.class_]
    political = THEORY_PARTY[city.catalogue.course_topic[classes.lesson_course]]
    systematic = np.bincount(classes.lesson_class, classes.lesson_hours * political, minlength=len(classes))

    def per_cadre(mask: np.ndarray, value: np.ndarray) -> np.ndarray:
        return np.bincount(enrolments.cadre[mask], value[enrolments.class_[mask]], minlength=n)

    hours = per_cadre(statutory, classes.planned_hours)
    days = per_cadre(statutory, classes.end - classes.start + 1)
    red = per_cadre(counts, systematic) < 8
    target = np.where(cadres.county_plus, 550, 450), np.where(cadres.county_plus, 90, 60)
    green = ~red & ((hours >= target[0]) | (days >= target[1]))
    due = cadres.status == 1
    assert 0.08 < red[due].mean() < 0.22
    assert 0.28 < green[due].mean() < 0.50

    area = city.units.area[cadres.unit]
    by_area = [green[due & (area == k)].mean() for k in range(area.max() + 1)]
    assert max(by_area) - min(by_area) > 0.12


def test_a_report_of_courses_published_for_nobody_has_something_to_show() -> None:
    """In a city so large that chance leaves no course unopened, those shelved are on offer all the same."""
    city = build_city(small_plan(cadres=2000))
    online = city.catalogue.online
    mobile_courses = city.statements.activity - len(city.catalogue.micro_title)
    opened = set(city.study.course.tolist()) | set(mobile_courses[mobile_courses >= 0].tolist())
    on_offer = (online.published <= city.plan.end_day) & (online.retired < 0)
    unused = set(np.flatnonzero(on_offer).tolist()) - opened
    assert unused == set(np.flatnonzero(online.shelved).tolist())
    assert 2 <= len(unused) <= 0.1 * len(online)


def test_units_are_weak_in_different_topics() -> None:
    city = build_city(small_plan(cadres=2000))
    appetite = city.catalogue.appetite[city.units.profile]
    weak = appetite < 0.006
    assert 2 <= np.median(weak.sum(axis=1)) <= 8
    assert len({tuple(row) for row in weak}) >= 6


def test_the_second_night_knows_more_than_the_first() -> None:
    academic = build_city(small_plan()).academic
    first, last = (tables_on(academic, night) for night in (0, 2))
    assert first["enrollment"].num_rows <= last["enrollment"].num_rows
    assert first["enrollment"] != last["enrollment"]
