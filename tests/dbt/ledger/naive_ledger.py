"""The credit ledger once more: plain Python, a row at a time, written from docs/rules.md and nothing else.

It is slow and obvious on purpose. The models of dbt_project compute the same set-based; where both agree on
any history, neither misreads the rules unless both do in the same way. It knows nothing of SQL, seeds'
validity or the warehouse's tables: a world is the rows of the exports with the field names of
docs/sources.md, and a rule book the lists that the rules refer to.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
World = dict[str, list[Row]]

SHANGHAI = ZoneInfo("Asia/Shanghai")
ABSENCE_LIMIT = Fraction(1, 7)
SECONDS_PER_HOUR = 2700
DAILY_CAP = Fraction(8)
MODE_ORDER = {"online_class": 1, "online_elective": 2, "mobile": 3}
ACADEMY_COURSE = "https://academy.example/course/"
RECORD_OWN_STATUSES = ("not_passed", "excess_leave", "not_completed")


@dataclass(frozen=True)
class RuleBook:
    """Topic maps: (source, category) > topic, keywords in their order, topic name > topic."""

    mapping: dict[tuple[str, str], str]
    keywords: list[tuple[str, str]]
    names: dict[str, str]

    def by_keyword(self, text: str | None) -> str | None:
        """The first keyword of the list found in a text decides."""
        return next((topic for word, topic in self.keywords if text and word in text), None)


@dataclass(frozen=True)
class Entry:
    """A ledger row. Hours are exact."""

    source: str
    source_record_id: str
    person_code: str | None
    mode: str
    topic_code: str
    activity_date: date
    raw_hours: Fraction
    credited_hours: Fraction
    credit_status: str
    is_statutory: bool
    score: float | None
    course: str | None = None
    completed_at: datetime | None = None


def exact(hours: float | None) -> Fraction:
    """A number of the exports as what was written there."""
    return Fraction(0) if hours is None else Fraction(str(hours))


def cut_to_tenth(seconds: float) -> Fraction:
    """Credit hours of study seconds, cut (not rounded) to one decimal."""
    return Fraction(int(exact(seconds) * 10 / SECONDS_PER_HOUR), 10)


def canonical_course(source: str, course_id: str, course_no: str | None, title: str | None) -> str:
    """The national number, else the title without case, white space and punctuation."""
    if course_no:
        return f"no:{course_no}"
    text = unicodedata.normalize("NFKC", title or "").lower()
    kept = "".join(c for c in text if not c.isspace() and unicodedata.category(c)[0] not in "PZ")
    return f"title:{kept}" if kept else f"item:{source}/{course_id}"


def compute_ledger(world: World, book: RuleBook) -> dict[tuple[str, str], Entry]:
    """Every ledger row of a world by source and source_record_id."""
    people = _Identity(world)
    online = [*_academy_entries(world, book, people), *_mobile_entries(world, book, people)]
    entries = [
        *_academic_entries(world, book, people),
        *_workbook_entries(world, book, people),
        *_recognised(online),
    ]
    return {(entry.source, entry.source_record_id): entry for entry in entries}


class _Identity:
    """Rules 1 and 2 of identity (numbers and staff numbers); these worlds have no names in common."""

    def __init__(self, world: World) -> None:
        numbers = defaultdict(set)
        for person in world["cadre.person"]:
            numbers[person["a0184"]].add(person["a0000"])
        self._numbers = {number: codes for number, codes in numbers.items() if number}
        self._codes = {person["a0000"] for person in world["cadre.person"]}

    def find(self, person: Row | None) -> str | None:
        if person is None:
            return None
        codes = self._numbers.get(person.get("id_number"), set())
        if len(codes) == 1:
            return next(iter(codes))
        return person["staff_no"] if person.get("staff_no") in self._codes else None


def _by_id(rows: Iterable[Row], name: str) -> dict[str, Row]:
    return {row[name]: row for row in rows}


def _newest(rows: Iterable[Row], name: str) -> dict[str, Row]:
    """The newest version of an id wins; equal times: the later in the export."""
    newest: dict[str, Row] = {}
    for row in rows:
        if row[name] not in newest or row["updated_at"] >= newest[row[name]]["updated_at"]:
            newest[row[name]] = row
    return newest


def _theme_topic(theme: Row | None, book: RuleBook) -> str | None:
    text = theme["topic_text"] if theme else None
    if not text:
        return None
    return book.mapping.get(("academic", text)) or book.names.get(text) or book.by_keyword(text)


def _course_topic(source: str, category: str | None, title: str | None, book: RuleBook) -> str | None:
    return book.mapping.get((source, category or "")) or book.by_keyword(title)


def _academic_entries(world: World, book: RuleBook, people: _Identity) -> Iterable[Entry]:
    alive = {
        table: [row for row in world[f"academic.{table}"] if not row["is_deleted"]]
        for table in (
            *("institution", "theme", "training_class", "course"),
            *("lesson", "enrollment", "attendance"),
        )
    }
    classes = _by_id(alive["training_class"], "class_id")
    courses = _by_id(alive["course"], "course_id")
    themes = _by_id(alive["theme"], "theme_code")
    recognized = {row["institution_id"] for row in alive["institution"] if row["recognized"]}
    students = _by_id(world["academic.student"], "student_id")
    missed = {
        (row["enrollment_id"], row["lesson_id"])
        for row in alive["attendance"]
        if row["status"] in ("leave", "absent")
    }
    lessons = defaultdict(list)
    for row in alive["lesson"]:
        if row["class_id"] in classes and row["course_id"] in courses:
            lessons[row["class_id"]].append(row)

    for enrollment in alive["enrollment"]:
        enrollment_id = enrollment["enrollment_id"]
        training_class = classes.get(enrollment["class_id"])
        student = students.get(enrollment["student_id"])
        if training_class is None or training_class["status"] != "finished":
            continue
        if student is not None and student["is_deleted"]:
            continue
        person = people.find(student)
        mode = "off_job" if training_class["leave_status"] == "1" else "part_time"
        theme_topic = _theme_topic(themes.get(training_class["theme_code"]), book)
        own = lessons[training_class["class_id"]]
        all_hours = sum(exact(row["hours"]) for row in own)
        missed_hours = sum(exact(row["hours"]) for row in own if (enrollment_id, row["lesson_id"]) in missed)
        if person is None:
            status = "unresolved_person"
        elif enrollment["result"] != "passed":
            status = "not_passed"
        elif missed_hours > ABSENCE_LIMIT * all_hours:
            status = "excess_leave"
        else:
            status = "credited"
        entry = Entry(
            source="academic",
            source_record_id=enrollment_id,
            person_code=person,
            mode=mode,
            topic_code=theme_topic or "U00",
            activity_date=training_class["end_date"],
            raw_hours=Fraction(0),
            credited_hours=Fraction(0),
            credit_status=status,
            is_statutory=mode == "off_job" and training_class["institution_id"] in recognized,
            score=enrollment["score"],
        )
        if not own:
            stated = enrollment["hours"]
            hours = exact(training_class["planned_hours"] if stated is None else stated)
            yield _earning(entry, hours)
        for course_id in sorted({row["course_id"] for row in own}):
            course = courses[course_id]
            attended = sum(
                (
                    exact(row["hours"])
                    for row in own
                    if row["course_id"] == course_id and (enrollment_id, row["lesson_id"]) not in missed
                ),
                Fraction(0),
            )
            topic = _course_topic("academic", course["category_text"], course["title"], book)
            yield _earning(
                replace(
                    entry,
                    source_record_id=f"{enrollment_id}/{course_id}",
                    topic_code=topic or theme_topic or "U00",
                    course=canonical_course("academic", course_id, course["course_no"], course["title"]),
                ),
                attended,
            )


def _earning(entry: Entry, hours: Fraction) -> Entry:
    earned = hours if entry.credit_status == "credited" else Fraction(0)
    return replace(entry, raw_hours=hours, credited_hours=earned)


def _workbook_entries(world: World, book: RuleBook, people: _Identity) -> Iterable[Entry]:
    """Rows of the back-fill workbooks, named `backfill/<row>`: the sources give them no id."""
    database = {
        (row["class_name"], row["start_date"])
        for row in world["academic.training_class"]
        if not row["is_deleted"]
    }
    themes = {row["name"]: row for row in world["academic.theme"] if not row["is_deleted"]}
    recognized = {
        row["name"] for row in world["academic.institution"] if row["recognized"] and not row["is_deleted"]
    }
    classes = _by_id(world["academic.backfill_class"], "class_id")
    for number, student in enumerate(world["academic.backfill_student"], start=1):
        training_class = classes.get(student["class_id"])
        if training_class is None:
            continue
        if (training_class["class_name"], training_class["start_date"]) in database:
            continue
        person = people.find({"id_number": student["id_number"] if student["id_number_is_text"] else None})
        text = training_class["theme_text"]
        if text in themes:
            topic = _theme_topic(themes[text], book)
        else:
            topic = book.mapping.get(("backfill", text or ""))
        status = "not_passed" if student["is_passed"] is False else "credited"
        mode = "off_job" if training_class["is_off_job"] else "part_time"
        hours = training_class["hours"] if student["hours"] is None else student["hours"]
        yield _earning(
            Entry(
                source="academic",
                source_record_id=f"backfill/{number}",
                person_code=person,
                mode=mode,
                topic_code=topic or "U00",
                activity_date=training_class["end_date"],
                raw_hours=Fraction(0),
                credited_hours=Fraction(0),
                credit_status=status if person else "unresolved_person",
                is_statutory=mode == "off_job" and training_class["organizer_name"] in recognized,
                score=None,
            ),
            exact(hours),
        )


def _academy_entries(world: World, book: RuleBook, people: _Identity) -> Iterable[Entry]:
    users = _newest(world["academy.users"], "user_id")
    courses = _newest(world["academy.courses"], "course_id")
    classes = _newest(world["academy.classes"], "class_id")
    themes = _by_id((row for row in world["academic.theme"] if not row["is_deleted"]), "theme_code")
    for record_id, record in _newest(world["academy.records"], "record_id").items():
        course = courses.get(record["course_id"])
        if course is None or (record["class_id"] and record["class_id"] not in classes):
            continue
        person = people.find(users.get(record["user_id"]))
        if person is None:
            status = "unresolved_person"
        elif record["completed_at"] is None:
            status = "not_completed"
        elif course["requires_exam"] and record["passed"] is not True:
            status = "not_passed"
        else:
            status = "credited"
        topic = _course_topic("academy", course["category"], course["title"], book)
        if topic is None and record["class_id"]:
            topic = _theme_topic(themes.get(classes[record["class_id"]]["theme_code"]), book)
        yield Entry(
            source="academy",
            source_record_id=record_id,
            person_code=person,
            mode="online_class" if record["class_id"] else "online_elective",
            topic_code=topic or "U00",
            activity_date=(record["completed_at"] or record["last_at"]).astimezone(SHANGHAI).date(),
            raw_hours=_online_hours(course, record["study_seconds"]),
            credited_hours=Fraction(0),
            credit_status=status,
            is_statutory=False,
            score=record["score"],
            course=canonical_course("academy", course["course_id"], course["course_no"], course["title"]),
            completed_at=record["completed_at"],
        )


def _online_hours(course: Row | None, seconds: float) -> Fraction:
    if course is not None and course["credit_hours"] is not None:
        return exact(course["credit_hours"])
    return cut_to_tenth(seconds)


def _mobile_entries(world: World, book: RuleBook, people: _Identity) -> Iterable[Entry]:
    users = _newest(world["academy.users"], "user_id")
    courses = _newest(world["academy.courses"], "course_id")
    statements = {row["id"]: row for row in reversed(world["mobile.statements"])}.values()
    voided = {row["object_id"] for row in statements if row["verb_id"].endswith("/voided")}
    activities = defaultdict(list)
    for row in statements:
        if row["id"] not in voided and not row["verb_id"].endswith("/voided"):
            activities[row["actor_name"], row["object_id"]].append(row)
    for (user_id, activity), rows in activities.items():
        course = None
        if activity.startswith(ACADEMY_COURSE):
            course = courses.get(activity.removeprefix(ACADEMY_COURSE))
            if course is None:
                continue
            title, category, source = course["title"], course["category"], "academy"
            key = canonical_course("academy", course["course_id"], course["course_no"], title)
        else:
            title, category, source = rows[0]["object_name"], rows[0]["object_category"], "mobile"
            key = canonical_course("mobile", activity, None, title)
        person = people.find(users.get(user_id))
        completed = [row for row in rows if row["verb_id"].endswith("/completed")]
        years = sorted({_year(row) for row in completed})
        for number, year in enumerate(years or [_year(max(rows, key=_when))]):
            after = years[number - 1] if number else 0
            own = [row for row in rows if not years or after < _year(row) <= year]
            firsts = [row for row in completed if _year(row) == year]
            shown = min(firsts, key=_when) if firsts else max(rows, key=_when)
            exams = [row for row in own if row["verb_id"].rsplit("/", 1)[1] in ("passed", "failed")]
            seconds = sum(
                row["duration_seconds"] or 0 for row in own if row["verb_id"].endswith("/terminated")
            )
            status = "credited" if completed else "not_completed"
            yield Entry(
                source="mobile",
                source_record_id=f"{user_id}/{activity}/{year}",
                person_code=person,
                mode="mobile",
                topic_code=_course_topic(source, category, title, book) or "U00",
                activity_date=_when(shown).astimezone(SHANGHAI).date(),
                raw_hours=_online_hours(course, seconds),
                credited_hours=Fraction(0),
                credit_status=status if person else "unresolved_person",
                is_statutory=False,
                score=max(exams, key=_when)["score_raw"] if exams else None,
                course=key,
                completed_at=_when(shown) if completed else None,
            )


def _when(statement: Row) -> datetime:
    return statement["timestamp"]


def _year(statement: Row) -> int:
    return statement["timestamp"].astimezone(SHANGHAI).year


def _recognised(entries: Iterable[Entry]) -> Iterable[Entry]:
    """An hour counts once, whichever platform it was earned on; then at most eight hours a day."""
    seen: set[tuple] = set()
    used: dict[tuple, Fraction] = defaultdict(Fraction)
    waiting = []
    for entry in entries:
        if entry.credit_status == "credited":
            waiting.append(entry)
        else:
            yield entry
    for entry in sorted(
        waiting, key=lambda entry: (entry.completed_at, MODE_ORDER[entry.mode], entry.source_record_id)
    ):
        once = (entry.person_code, entry.course, entry.activity_date.year)
        day = (entry.person_code, entry.activity_date)
        if once in seen:
            yield replace(entry, credit_status="duplicate")
            continue
        seen.add(once)
        earned = min(entry.raw_hours, DAILY_CAP - used[day])
        used[day] += earned
        status = "credited" if earned == entry.raw_hours else "over_daily_cap"
        yield replace(entry, credited_hours=earned, credit_status=status)
