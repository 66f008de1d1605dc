"""Generated worlds: a small catalogue of classes and courses, and made-up histories of people in it.

Values come from short lists full of edges (midnight and New Year in Shanghai, the same instant on two
platforms, hours at the cap, absence around 1/7, cut decimals), so that they meet often.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.dbt.ledger.naive_ledger import ACADEMY_COURSE, Row, World

NIGHT = date(2026, 6, 30)
CLASS_LENGTH = timedelta(days=4)
VERBS = "http://adlnet.gov/expapi/verbs/"
RATED = "http://id.tincanapi.com/verb/rated"
BEFORE_LOCAL_NEW_YEAR = datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC)
INSTANTS = (
    *(BEFORE_LOCAL_NEW_YEAR + timedelta(seconds=seconds) for seconds in (-30000, 0, 1, 3600, 86400)),
    *(datetime(2025, 3, 5, hour, 30, tzinfo=UTC) for hour in (0, 1, 15, 16, 23)),
    datetime(2023, 7, 1, 4, tzinfo=UTC),
    datetime(2024, 2, 29, 16, 0, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 16, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
)
SECONDS = (0.0, 134.0, 269.0, 270.0, 540.0, 2699.0, 2700.0, 8100.0, 30000.0)
HOURS = (0.5, 1.0, 3.0, 3.5, 6.0, 7.0, 21.0)
RESULTS = ("passed", "passed", "passed", "failed", "withdrawn", "enrolled")
THEMES = ("TH-category", "TH-name", "TH-keyword", "TH-unknown", "TH-deleted", None)
INSTITUTIONS = ("I-recognized", "I-other", "I-deleted", "I-missing", None)
UPDATED = datetime(2026, 6, 1, tzinfo=UTC)

ACADEMIC_COURSES: list[Row] = [
    {"course_id": "K1", "course_no": "GK1", "title": "某课", "category_text": "党史国史教育"},
    {"course_id": "K2", "course_no": None, "title": "基层治理 之一", "category_text": "没有这一类"},
    {"course_id": "K3", "course_no": None, "title": "闲谈", "category_text": None},
    {
        "course_id": "K4",
        "course_no": None,
        "title": "已删",
        "category_text": "党史国史教育",
        "is_deleted": True,
    },
]
ACADEMY_COURSES: list[Row] = [
    {"course_id": "A1", "course_no": "GK1", "title": "某课(网络版)", "credit_hours": 3.0},
    {"course_id": "A2", "title": "Ａ 之《课》!", "credit_hours": 5.5, "category": "四史"},
    {"course_id": "A3", "title": "a之课", "credit_hours": None, "category": "四史"},
    {"course_id": "A4", "title": "应急处突", "credit_hours": 2.0, "requires_exam": True},
    {"course_id": "A5", "title": "闲谈", "credit_hours": 0.0, "requires_exam": False},
    {"course_id": "A6", "title": "另一门", "credit_hours": 8.0},
    {"course_id": "A7", "title": "……", "credit_hours": None},
]
MICRO_COURSES = {
    "https://mobile.example/micro/1": ("微课一", "微党课/党史"),
    "https://mobile.example/micro/2": ("A之课", None),
    "https://mobile.example/micro/3": ("!?", None),
    "https://mobile.example/micro/4": (None, None),
}
ACTIVITIES = (*MICRO_COURSES, *(ACADEMY_COURSE + course for course in ("A1", "A3", "A4", "A-missing")))

_WORKBOOK_DAYS = {"start_date": date(2022, 5, 9), "end_date": date(2022, 5, 13)}
WORKBOOK_CLASSES: list[Row] = [
    {"class_id": "W1", "class_name": "旧班一", "organizer_name": "党校", "theme_text": "丙", "hours": 40.0},
    {"class_id": "W2", "class_name": "旧班二", "organizer_name": "公司", "theme_text": None, "hours": None},
    {"class_id": "W3", "class_name": "旧班三", "organizer_name": "谁也不是", "theme_text": "理论学习"},
    {"class_id": "W4", "class_name": "班C0", "organizer_name": "党校", "theme_text": "甲", "hours": 8.0},
]

# Running the models costs the same for many people as for few.
PEOPLE_A_WORLD, MOST_CLASSES = 20, 8

lessons = st.lists(
    st.tuples(
        st.sampled_from(("K1", "K1", "K2", "K3", "K4", "K-missing")), st.sampled_from(HOURS), st.booleans()
    ),
    max_size=5,
)
training_classes = st.fixed_dictionaries(
    {
        "leave_status": st.sampled_from(("1", "1", "2", "3")),
        "institution_id": st.sampled_from(INSTITUTIONS),
        "theme_code": st.sampled_from(THEMES),
        "end_date": st.sampled_from((date(2025, 3, 5), date(2021, 6, 30), date(2021, 7, 1))),
        "planned_hours": st.sampled_from((None, 40.0)),
        "status": st.sampled_from(("finished", "finished", "finished", "finished", "running", "cancelled")),
        "is_deleted": st.sampled_from((False, False, False, False, True)),
        "lessons": lessons,
    }
)
enrollments = st.tuples(
    st.integers(0, MOST_CLASSES),  # which class; one beyond the last is missing
    st.sampled_from(RESULTS),
    st.sampled_from((None, 61.5, 100.0)),
    st.sampled_from((None, 24.0)),
    st.sampled_from((False, False, False, True)),
    st.lists(st.sampled_from(("present", "late", "leave", "absent", None)), min_size=5, max_size=5),
)
records = st.tuples(
    st.integers(0, 7),  # which course; one beyond the last is missing
    st.sampled_from((None, None, "AC1", "AC2", "AC-missing")),
    st.sampled_from((None, *INSTANTS, *INSTANTS)),
    st.sampled_from(SECONDS),
    st.sampled_from((None, True, False)),
    st.sampled_from((None, 88.0)),
    st.integers(0, 2),  # older or equally old versions of it
)
statements = st.tuples(
    st.sampled_from(ACTIVITIES),
    st.sampled_from(
        ("completed", "completed", "terminated", "terminated", "passed", "failed", "initialized", "rated")
    ),
    st.sampled_from(INSTANTS),
    st.sampled_from(SECONDS),
    st.sampled_from(("once", "once", "once", "twice", "voided")),
)
workbook_rows = st.tuples(
    st.integers(1, 5),  # which class; one beyond the last is missing
    st.booleans(),  # the number is a text
    st.sampled_from((None, True, False)),
    st.sampled_from((None, 16.0)),
)
people = st.fixed_dictionaries(
    {
        "tie": st.sampled_from(("number", "number", "staff_no", "staff_no", "unknown", "missing", "deleted")),
        "enrollments": st.lists(enrollments, min_size=1, max_size=4),
        "records": st.lists(records, min_size=3, max_size=8),
        "workbook_rows": st.lists(workbook_rows, max_size=2),
        "statements": st.lists(statements, min_size=3, max_size=12),
    }
)
worlds = st.tuples(
    st.lists(training_classes, min_size=1, max_size=MOST_CLASSES),
    st.lists(people, min_size=PEOPLE_A_WORLD, max_size=PEOPLE_A_WORLD),
)


def make_id_number(number: int) -> str:
    """A synthetic citizen ID number of a region that does not exist, with the check digit of GB 11643."""
    body = f"519900{1960 + number % 30}0101{number:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def write_world(classes: list[dict[str, Any]], histories: list[dict[str, Any]]) -> World:
    """The export rows of drawn classes and histories, by `<source>.<entity>`, fields as docs/sources.md."""
    world: World = {
        "cadre.unit": [{"b0111": "001", "b0101": "市", "unit_status": "1"}],
        "cadre.person": [],
        "academic.institution": [
            {"institution_id": "I-recognized", "name": "党校", "recognized": True},
            {"institution_id": "I-other", "name": "公司", "recognized": False},
            {"institution_id": "I-deleted", "name": "旧校", "recognized": True, "is_deleted": True},
        ],
        "academic.theme": [
            {"theme_code": "TH-category", "name": "甲", "topic_text": "党史国史教育"},
            {"theme_code": "TH-name", "name": "乙", "topic_text": "依法行政"},
            {"theme_code": "TH-keyword", "name": "丙", "topic_text": "谈谈应急处突那些事"},
            {"theme_code": "TH-unknown", "name": "丁", "topic_text": "别的"},
            {"theme_code": "TH-deleted", "name": "戊", "topic_text": "党史国史教育", "is_deleted": True},
        ],
        "academic.course": [dict(row) for row in ACADEMIC_COURSES],
        "academy.courses": [dict(row) for row in ACADEMY_COURSES],
        "academy.classes": [
            {"class_id": "AC1", "name": "网一", "theme_code": "TH-keyword"},
            {"class_id": "AC2", "name": "网二", "theme_code": None},
        ],
    }
    # the fourth class of the workbook is the database's first, if that has not been deleted
    first_start = classes[0]["end_date"] - CLASS_LENGTH
    world["academic.backfill_class"] = [
        {"hours": None, "is_off_job": row["class_id"] != "W2", **_WORKBOOK_DAYS, **row}
        | ({"start_date": first_start, "end_date": classes[0]["end_date"]} if row["class_id"] == "W4" else {})
        for row in WORKBOOK_CLASSES
    ]
    tables = ("training_class", "lesson", "student", "enrollment", "attendance", "backfill_student")
    world |= {f"academic.{table}": [] for table in tables}
    world |= {"academy.users": [], "academy.records": [], "mobile.statements": []}
    for row in world["academy.classes"]:
        row |= {"start_date": date(2025, 1, 1), "end_date": date(2025, 6, 1)}
    for number, drawn in enumerate(classes):
        _write_class(world, f"C{number}", drawn)
    for number, history in enumerate(histories):
        _write_person(world, number, len(classes), history)
    for table, rows in world.items():
        for row in rows:
            if table.startswith("academic.") and "backfill" not in table:
                row.setdefault("is_deleted", False)
            if not table.startswith(("cadre.", "mobile.")) and "backfill" not in table:
                row.setdefault("updated_at", UPDATED)
    for row in world["academy.courses"]:
        for name in ("course_no", "category", "requires_exam"):
            row.setdefault(name, None)
    return world


def _write_class(world: World, class_id: str, drawn: dict[str, Any]) -> None:
    own = {name: value for name, value in drawn.items() if name != "lessons"}
    start = drawn["end_date"] - CLASS_LENGTH
    world["academic.training_class"].append(
        {"class_id": class_id, "class_name": f"班{class_id}", "start_date": start, **own}
    )
    for number, (course_id, hours, is_kept) in enumerate(drawn["lessons"]):
        world["academic.lesson"].append(
            {
                "lesson_id": f"{class_id}-L{number}",
                "class_id": class_id,
                "course_id": course_id,
                "lesson_date": start,
                "hours": hours,
                "is_deleted": not is_kept and number % 2 == 1,
            }
        )


def _write_person(world: World, number: int, classes: int, history: dict[str, Any]) -> None:
    code, tie = f"GB{number}", history["tie"]
    name = f"某干部{number}" if tie != "unknown" else f"路人{number}"
    world["cadre.person"].append(
        {
            "a0000": code,
            "a0101": f"某干部{number}",
            "a0163": "1",
            "a0184": make_id_number(number),
            "a0195": "001",
        }
    )
    named: Row = {"id_number": None, "staff_no": None}
    if tie in ("number", "deleted"):
        named["id_number"] = make_id_number(number)
    elif tie == "staff_no":
        named["staff_no"] = code
    if tie != "missing":
        world["academic.student"].append(
            {"student_id": f"S{number}", "name": name, "is_deleted": tie == "deleted", **named}
        )
        world["academy.users"].append({"user_id": f"U{number}", "real_name": name, **named})
    for place, enrollment in enumerate(history["enrollments"]):
        _write_enrollment(world, f"E{number}-{place}", f"S{number}", classes, enrollment)
    for which, is_text, is_passed, hours in history["workbook_rows"]:
        world["academic.backfill_student"].append(
            {
                "class_id": f"W{which}",
                "name": name,
                "id_number": make_id_number(number) if tie == "number" else None,
                "id_number_is_text": is_text,
                "is_passed": is_passed,
                "hours": hours,
            }
        )
    for place, record in enumerate(history["records"]):
        _write_record(world, f"R{number}-{place}", f"U{number}", record)
    for place, statement in enumerate(history["statements"]):
        _write_statement(world, f"{number:08d}-{place:04d}", f"U{number}", statement)


def _write_enrollment(world: World, key: str, student_id: str, classes: int, drawn: tuple) -> None:
    which, result, score, hours, is_deleted, marks = drawn
    class_id = f"C{min(which, classes)}"
    world["academic.enrollment"].append(
        {
            "enrollment_id": key,
            "class_id": class_id,
            "student_id": student_id,
            "result": result,
            "score": score,
            "hours": hours,
            "is_deleted": is_deleted,
        }
    )
    for number, status in enumerate(marks):
        if status is not None:
            world["academic.attendance"].append(
                {
                    "attendance_id": f"{key}-{number}",
                    "lesson_id": f"{class_id}-L{number}",
                    "enrollment_id": key,
                    "status": status,
                }
            )


def _write_record(world: World, key: str, user_id: str, drawn: tuple) -> None:
    which, class_id, completed_at, seconds, passed, score, older = drawn
    row = {
        "record_id": key,
        "user_id": user_id,
        "course_id": f"A{which + 1}",
        "class_id": class_id,
        "last_at": completed_at or INSTANTS[3],
        "completed_at": completed_at,
        "study_seconds": seconds,
        "passed": passed,
        "score": score,
    }
    if older:
        # an older version, or one of the same instant that stands before it in the export
        age = timedelta(days=older - 1)
        world["academy.records"].append(
            row | {"completed_at": None, "study_seconds": 1.0, "updated_at": UPDATED - age}
        )
    world["academy.records"].append(row | {"updated_at": UPDATED})


def _write_statement(world: World, key: str, user_id: str, drawn: tuple) -> None:
    activity, verb, occurred_at, seconds, fate = drawn
    title, category = MICRO_COURSES.get(activity, (None, None))
    # phones store late, and no two statements of an actor happen in the same microsecond
    own = timedelta(microseconds=10 * int(key[-4:]))
    row = {
        "id": f"{key}-statement",
        "actor_name": user_id,
        "verb_id": RATED if verb == "rated" else VERBS + verb,
        "object_type": "Activity",
        "object_id": activity,
        "object_name": title,
        "object_category": category,
        "duration_seconds": seconds if verb == "terminated" else None,
        "score_raw": seconds / 300 if verb in ("passed", "failed") else None,
        "timestamp": occurred_at + own,
        "stored": occurred_at + timedelta(days=1) + own,
    }
    world["mobile.statements"].append(row)
    if fate == "twice":
        world["mobile.statements"].append(dict(row))
    elif fate == "voided":
        world["mobile.statements"].append(
            row
            | {
                "id": f"{key}-voiding",
                "verb_id": f"{VERBS}voided",
                "object_type": "StatementRef",
                "object_id": row["id"],
                "object_name": None,
                "object_category": None,
                "duration_seconds": None,
            }
        )
