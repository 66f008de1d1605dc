"""The academic-affairs database as it stands on a night, one Arrow table per table of sources.md 2."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator import topics
from simulator.academic import Academic, online_class_ids, student_keys
from simulator.catalogue import SETUP_DAYS
from simulator.classes import FINISHED, KINDS, RUNNING, STATUSES, status_on
from simulator.enrolments import ATTENDANCE, PASSED, RESULTS
from simulator.feedback import enrolment_keys
from simulator.plan import DAY_SECONDS, Bools, Ints, SimulationPlan
from simulator.text_columns import (
    blank_where,
    chosen,
    concat,
    day_text,
    digits,
    instant_text,
    number_or_null,
    take_text,
)

TABLES = (
    "institution",
    "base",
    "teacher",
    "staff",
    "theme",
    "training_class",
    "class_staff",
    "course",
    "lesson",
    "student",
    "enrollment",
    "attendance",
    "evaluation",
    "assessment",
    "follow_up",
    "need_survey",
)
_SLOTS = (("08:30", "12:00"), ("14:00", "17:30"), ("19:00", "20:40"))


def tables_on(academic: Academic, night: int) -> dict[str, pa.Table]:
    """The sixteen tables as exported on a night (0 the first), without any fault, in a fixed order."""
    plan, classes, catalogue = academic.plan, academic.classes, academic.catalogue
    day = plan.first_night_day + night
    cutoff = int(plan.cutoffs[night])
    setup = instant_text(np.array([(plan.start_day - SETUP_DAYS) * DAY_SECONDS + 20 * 3600]))[0].as_py()
    tables = {
        name: catalogue.tables[name].append_column(
            "updated_at", pa.array([setup] * catalogue.tables[name].num_rows)
        )
        for name in ("institution", "base", "teacher", "staff", "theme")
    }
    created = classes.start - 45
    there = ~classes.is_backfill & (created <= day)
    tables["training_class"] = _training_class(academic, np.flatnonzero(there), day)
    tables["class_staff"] = _class_staff(academic, np.flatnonzero(there))
    tables["course"] = _course(academic, night, setup)
    tables["lesson"] = _lesson(academic, np.flatnonzero(there[classes.lesson_class]))
    tables["student"] = _student(academic, day)
    tables["enrollment"] = _enrollment(academic, there, night, day)
    tables["attendance"] = _attendance(academic, night, day)
    for name in ("evaluation", "assessment", "follow_up", "need_survey"):
        table: pa.Table = getattr(academic.feedback, name)
        shown = table.filter(pc.less_equal(table["_at"], cutoff))
        tables[name] = shown.select(_COLUMNS[name])
    return {name: _with_deletions(academic, name, tables[name], night) for name in TABLES}


def _training_class(academic: Academic, rows: Ints, day: int) -> pa.Table:
    c, plan = academic.classes, academic.plan
    kind = c.kind[rows]
    status = status_on(c, day)[rows]
    touched = np.where(
        status == FINISHED, c.end[rows], np.where(status == RUNNING, c.start[rows], c.start[rows] - 45)
    )
    theme = academic.catalogue.tables["theme"]["theme_code"].combine_chunks()
    touched = np.minimum(np.maximum(touched, plan.start_day - SETUP_DAYS), day)

    def of_kind(field: str) -> pa.Array:
        return chosen([getattr(k, field) for k in KINDS], kind)

    return pa.table(
        {
            "class_id": academic.class_ids.take(pa.array(rows)),
            "class_name": academic.class_names.take(pa.array(rows)),
            "class_type": of_kind("class_type"),
            "training_kind": of_kind("training_kind"),
            "leave_status": chosen(["1", "2", "3"], c.leave[rows] - 1),
            "institution_id": digits(c.school[rows] + 1, 3, "JG"),
            "organizer_unit_code": take_text(pa.array(academic.units.code), c.organizer[rows]),
            "theme_code": take_text(theme, c.theme[rows]),
            "is_main_class": np.array([int(k.is_main) for k in KINDS])[kind],
            "start_date": day_text(c.start[rows]),
            "end_date": day_text(c.end[rows]),
            "planned_hours": c.planned_hours[rows],
            "planned_seats": c.seats[rows],
            "base_id": blank_where(digits(np.maximum(c.base[rows], 0) + 1, 2, "JD"), c.base[rows] < 0),
            "head_teacher_id": digits(c.head_teacher[rows] + 1, 3, "S"),
            "online_class_id": take_text(online_class_ids(plan), c.online_class[rows]),
            "status": chosen(STATUSES, status),
            "updated_at": instant_text(touched * DAY_SECONDS + 18 * 3600),
        }
    )


def _class_staff(academic: Academic, rows: Ints) -> pa.Table:
    """The head teacher and, by the class's position, one or two others."""
    c, staff = academic.classes, academic.catalogue.tables["staff"].num_rows
    others = np.repeat(rows, 1 + rows % 2)
    step = np.arange(len(others)) - np.repeat(np.cumsum(1 + rows % 2) - (1 + rows % 2), 1 + rows % 2)
    class_ = np.concatenate([rows, others])
    member = np.concatenate([c.head_teacher[rows], (c.head_teacher[others] + 1 + step + others % 5) % staff])
    order = np.lexsort((member, class_))
    created = np.maximum(c.start[class_] - 45, academic.plan.start_day - SETUP_DAYS)
    return pa.table(
        {
            "class_id": academic.class_ids.take(pa.array(class_[order])),
            "staff_id": digits(member[order] + 1, 3, "S"),
            "updated_at": instant_text(created[order] * DAY_SECONDS + 20 * 3600),
        }
    )


def _course(academic: Academic, night: int, setup: str) -> pa.Table:
    """Courses; on later nights some have another category (and another topic)."""
    table = academic.catalogue.tables["course"]
    category = table["category_text"].to_pylist()
    updated = [setup] * table.num_rows
    for k in range(1, night + 1):
        for position in academic.recategorised[k - 1]:
            category[position] = topics.TOPICS[(academic.catalogue.course_topic[position] + 5) % 23].academic[
                0
            ]
            updated[position] = _night_instant(academic.plan, k)
    at = table.schema.get_field_index("category_text")
    return table.set_column(at, "category_text", pa.array(category, pa.string())).append_column(
        "updated_at", pa.array(updated)
    )


def _lesson(academic: Academic, rows: Ints) -> pa.Table:
    c, plan = academic.classes, academic.plan
    class_ = c.lesson_class[rows]
    planned = np.maximum(c.start[class_] - 5 - class_ % 25, plan.start_day - SETUP_DAYS)
    return pa.table(
        {
            "lesson_id": digits(1_000_001 + rows, 7, "K"),
            "class_id": academic.class_ids.take(pa.array(class_)),
            "course_id": digits(c.lesson_course[rows] + 1, 4, "KC"),
            "teacher_id": digits(c.lesson_teacher[rows] + 1, 4, "T"),
            "lesson_date": day_text(c.lesson_day[rows]),
            "start_time": chosen([s[0] for s in _SLOTS], c.lesson_slot[rows]),
            "end_time": chosen([s[1] for s in _SLOTS], c.lesson_slot[rows]),
            "hours": c.lesson_hours[rows],
            "updated_at": instant_text(np.minimum(planned, plan.first_night_day) * DAY_SECONDS + 20 * 3600),
        }
    )


def _student(academic: Academic, day: int) -> pa.Table:
    """Students registered by their first enrolment."""
    s, e = academic.students, academic.enrolments
    first = np.full(len(s), 2**40)
    own = academic.student_of >= 0
    np.minimum.at(first, academic.student_of[own], e.enrolled[own])
    rows = np.flatnonzero(first <= day)
    post = concat(
        pc.fill_null(s.unit_name, ""), chosen(("科员", "科长", "副主任", "干部"), np.arange(len(s)) % 4)
    )
    columns = {
        "student_id": student_keys(len(s)),
        "name": s.name,
        "sex": s.sex,
        "id_number": s.id_number,
        "birth": s.birth,
        "staff_no": s.staff_no,
        "unit_code": s.unit_code,
        "unit_name": s.unit_name,
        "post_title": post,
    }
    registered = np.maximum(first, academic.plan.start_day - SETUP_DAYS)
    columns["updated_at"] = instant_text(np.minimum(registered, day) * DAY_SECONDS + 20 * 3600)
    return pa.table(columns).take(pa.array(rows))


def _enrollment(academic: Academic, class_there: Bools, night: int, day: int) -> pa.Table:
    """Enrolments made so far, with the result once the class is over; some corrected on later nights."""
    e, c, plan = academic.enrolments, academic.classes, academic.plan
    rows = np.flatnonzero((academic.student_of >= 0) & class_there[e.class_] & (e.enrolled <= day))
    class_ = e.class_[rows]
    over = status_on(c, day)[class_] == FINISHED
    result = np.where(over, e.final[rows], RESULTS.index("enrolled"))
    score = np.where(over, e.score[rows], np.nan)
    updated = np.where(
        over, c.end[class_] * DAY_SECONDS + 18 * 3600, e.enrolled[rows] * DAY_SECONDS + 15 * 3600
    )
    for k in range(1, night + 1):
        corrected = np.isin(rows, academic.corrected_scores[k - 1])
        score = np.where(corrected, np.minimum(np.nan_to_num(score, nan=70.0) + 3, 100), score)
        touched = corrected | np.isin(rows, academic.deleted_enrolments[k - 1])
        updated = np.where(touched, _night_second(plan, k), updated)
    stated = over & (c.lessons[class_] == 0) & (rows % 2 == 0)
    certified = (result == PASSED) & (rows % 10 < 7)
    enrolled = np.maximum(e.enrolled[rows], plan.start_day - SETUP_DAYS)
    return pa.table(
        {
            "enrollment_id": enrolment_keys(rows),
            "class_id": academic.class_ids.take(pa.array(class_)),
            "student_id": student_keys(len(academic.students)).take(pa.array(academic.student_of[rows])),
            "enrolled_on": day_text(enrolled),
            "result": chosen(RESULTS, result),
            "score": number_or_null(score, np.isnan(score)),
            "hours": number_or_null(c.planned_hours[class_], ~stated),
            "certificate_no": blank_where(digits(rows, 7, "JY"), ~certified),
            "updated_at": instant_text(np.maximum(updated, enrolled * DAY_SECONDS)),
        }
    )


def _attendance(academic: Academic, night: int, day: int) -> pa.Table:
    e, c, plan = academic.enrolments, academic.classes, academic.plan
    held = c.lesson_day[e.att_lesson]
    shown = (
        (academic.student_of[e.att_enrolment] >= 0) & (held <= day) & ~c.cancelled[e.class_[e.att_enrolment]]
    )
    shown &= e.enrolled[e.att_enrolment] <= day
    status, updated = e.att_status.copy(), held * DAY_SECONDS + 20 * 3600
    for k in range(1, night + 1):
        status[academic.corrected_attendance[k - 1]] = ATTENDANCE.index("present")
        touched = np.concatenate([academic.corrected_attendance[k - 1], academic.deleted_attendance[k - 1]])
        updated[touched] = _night_second(plan, k)
        shown[academic.vanished_attendance[k - 1]] = False  # gone without is_deleted: sources.md, "is gone"
    rows = np.flatnonzero(shown)
    return pa.table(
        {
            "attendance_id": digits(1_000_001 + rows, 7, "KQ"),
            "lesson_id": digits(1_000_001 + e.att_lesson[rows], 7, "K"),
            "enrollment_id": enrolment_keys(e.att_enrolment[rows]),
            "status": chosen(ATTENDANCE, status[rows]),
            "updated_at": instant_text(updated[rows]),
        }
    )


def _with_deletions(academic: Academic, name: str, table: pa.Table, night: int) -> pa.Table:
    """Add `is_deleted`; rows deleted on a night up to this one stay, marked."""
    deleted = {"enrollment": academic.deleted_enrolments, "attendance": academic.deleted_attendance}.get(
        name, []
    )
    prefix = {"enrollment": "BM", "attendance": "KQ"}.get(name, "")
    flag = np.zeros(table.num_rows, dtype=np.int64)
    if deleted[:night]:
        keys = digits(1_000_001 + np.concatenate(deleted[:night]), 7, prefix)
        flag = pc.is_in(table.column(0), keys).to_numpy().astype(np.int64)
    return table.append_column("is_deleted", pa.array(flag))


def _night_second(plan: SimulationPlan, night: int) -> int:
    return (plan.first_night_day + night) * DAY_SECONDS + 17 * 3600


def _night_instant(plan: SimulationPlan, night: int) -> str:
    return str(instant_text(np.array([_night_second(plan, night)]))[0].as_py())


_COLUMNS = {
    "evaluation": [
        "evaluation_id",
        "enrollment_id",
        "target_kind",
        "target_id",
        "score",
        "comment",
        "rated_at",
        "updated_at",
    ],
    "assessment": ["assessment_id", "enrollment_id", "assessor_kind", "dimension", "score", "updated_at"],
    "follow_up": [
        "follow_up_id",
        "enrollment_id",
        "respondent_kind",
        "months_after",
        "item",
        "score",
        "answered_on",
        "updated_at",
    ],
    "need_survey": [
        "need_id",
        "year",
        "need_kind",
        "unit_code",
        "student_id",
        "topic_text",
        "weight",
        "updated_at",
    ],
}
