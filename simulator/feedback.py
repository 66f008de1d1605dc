"""What people say afterwards: ratings, assessments, follow-up answers, and the yearly surveys of needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator import topics
from simulator import vocabulary as words
from simulator.catalogue import Catalogue
from simulator.classes import Classes
from simulator.enrolments import PASSED, Enrolments
from simulator.plan import DAY_SECONDS, Ints, SimulationPlan
from simulator.text_columns import (
    blank_where,
    chosen,
    concat,
    day_text,
    digits,
    instant_text,
    take_text,
)
from simulator.units import Units

ASSESSORS = ("head_teacher", "lecturer", "liaison", "peer")
DIMENSIONS = ("political", "professional", "innovation", "teamwork", "discipline")
RESPONDENTS = ("self", "peer", "leader", "public")
ITEMS = ("policy_execution", "problem_solving", "satisfaction", "participation")
NEED_KINDS = ("organization", "post", "personal")


@dataclass
class Feedback:
    """Tables with an extra column `_at`, the local second from which the export has the row, sorted by it."""

    evaluation: pa.Table
    assessment: pa.Table
    follow_up: pa.Table
    need_survey: pa.Table


def build_feedback(
    plan: SimulationPlan,
    units: Units,
    catalogue: Catalogue,
    classes: Classes,
    enrolments: Enrolments,
    students: pa.Array,
) -> Feedback:
    """All feedback on classes that took place; students: the keys that personal needs refer to."""
    ran = ~classes.cancelled[enrolments.class_] & ~classes.is_backfill[enrolments.class_]
    passed = np.flatnonzero(ran & (enrolments.final == PASSED))
    return Feedback(
        evaluation=_evaluations(plan, catalogue, classes, enrolments, passed),
        assessment=_assessments(plan, classes, enrolments, passed),
        follow_up=_follow_ups(plan, classes, enrolments, passed),
        need_survey=_needs(plan, units, students),
    )


def enrolment_keys(positions: Ints) -> pa.Array:
    """enrollment_id of positions in the enrolments."""
    return digits(1_000_001 + positions, 7, "BM")


def _evaluations(
    plan: SimulationPlan, catalogue: Catalogue, classes: Classes, enrolments: Enrolments, passed: Ints
) -> pa.Table:
    """Ratings of class, course, teacher, head teacher and base; each has a quality of its own."""
    rng = plan.rng("evaluations")
    rater = passed[rng.random(len(passed)) < 0.42]
    class_ = enrolments.class_[rater]
    lesson = classes.first_lesson[class_] + (rng.random(len(rater)) * classes.lessons[class_]).astype(
        np.int64
    )
    lesson = np.minimum(lesson, len(classes.lesson_class) - 1)
    has_lesson = classes.lessons[class_] > 0
    course, teacher = classes.lesson_course[lesson], classes.lesson_teacher[lesson]
    dice = rng.random((5, len(rater)))
    bent = rng.normal(0, 0.3, max(len(catalogue.teacher_is_leader), len(catalogue.course_topic)))
    targets = (
        ("training_class", dice[0] < 0.95, class_, take_text(class_keys(classes), class_), 4.35),
        ("course", has_lesson & (dice[1] < 0.93), course, digits(course + 1, 4, "KC"), 4.2),
        ("teacher", has_lesson & (dice[2] < 0.76), teacher, digits(teacher + 1, 4, "T"), 4.35),
        (
            "staff",
            dice[3] < 0.33,
            classes.head_teacher[class_],
            digits(classes.head_teacher[class_] + 1, 3, "S"),
            4.5,
        ),
        (
            "base",
            (classes.base[class_] >= 0) & (dice[4] < 0.6),
            classes.base[class_],
            digits(np.maximum(classes.base[class_], 0) + 1, 2, "JD"),
            4.1,
        ),
    )
    parts = []
    for kind, mask, quality_of, key, mean in targets:
        rows = np.flatnonzero(mask)
        score = mean + bent[quality_of[rows] % len(bent)] + rng.normal(0, 0.55, len(rows))
        at = (classes.end[class_[rows]] + rng.geometric(0.35, len(rows)) - 1) * DAY_SECONDS
        parts.append(
            pa.table(
                {
                    "enrollment_id": enrolment_keys(rater[rows]),
                    "target_kind": pa.array([kind] * len(rows), pa.string()),
                    "target_id": key.take(pa.array(rows)),
                    "score": np.clip(np.round(score), 1, 5).astype(np.int64),
                    "_at": at + rng.integers(18 * 3600, 23 * 3600, len(rows)),
                }
            )
        )
    table = _by_time(pa.concat_tables(parts))
    n, at = table.num_rows, table["_at"].to_numpy()
    comment = chosen(words.COMMENTS, rng.integers(0, len(words.COMMENTS), n))
    phones = concat(
        "请联系",
        chosen([f"{c}师傅" for c in "王李赵周吴"], rng.integers(0, 5, n)),
        "，电话",
        digits(rng.integers(0, 10_000, n), 4, "1990000"),
    )
    dice_comment = rng.random(n)
    comment = pc.if_else(pa.array(dice_comment < 0.003), phones, comment)
    return _keyed(
        table.append_column("comment", blank_where(comment, dice_comment > 0.06))
        .append_column("rated_at", instant_text(at))
        .append_column("updated_at", instant_text(at)),
        "evaluation_id",
        "PJ",
    )


def _assessments(plan: SimulationPlan, classes: Classes, enrolments: Enrolments, passed: Ints) -> pa.Table:
    """Marks by four kinds of assessors on five dimensions, in a share of the longer classes."""
    rng = plan.rng("assessments")
    long = (classes.end - classes.start)[enrolments.class_[passed]] >= 9
    marked = passed[long & (rng.random(len(passed)) < 0.12)]
    cells = len(ASSESSORS) * len(DIMENSIONS)
    enrolment, cell = np.repeat(marked, cells), np.tile(np.arange(cells), len(marked))
    kept = rng.random(len(cell)) < np.array([0.75, 0.45, 0.55, 0.4])[cell // len(DIMENSIONS)]
    ability = rng.normal(84.5, 5, len(marked))
    score = np.repeat(ability, cells) + rng.normal(0, 5, len(cell))
    enrolment, cell, score = enrolment[kept], cell[kept], score[kept]
    at = (classes.end[enrolments.class_[enrolment]] + 1) * DAY_SECONDS + 20 * 3600
    table = _by_time(
        pa.table(
            {
                "enrollment_id": enrolment_keys(enrolment),
                "assessor_kind": chosen(ASSESSORS, cell // len(DIMENSIONS)),
                "dimension": chosen(DIMENSIONS, cell % len(DIMENSIONS)),
                "score": np.round(np.clip(score, 40, 100), 1),
                "_at": at,
            }
        )
    )
    return _keyed(
        table.append_column("updated_at", instant_text(table["_at"].to_numpy())), "assessment_id", "KH"
    )


def _follow_ups(plan: SimulationPlan, classes: Classes, enrolments: Enrolments, passed: Ints) -> pa.Table:
    """Answers three, six and twelve months later, of a share of the people."""
    rng = plan.rng("follow-up")
    asked = np.repeat(passed[rng.random(len(passed)) < 0.08], 3)
    months = rng.choice([3, 6, 12], len(asked))
    answered = classes.end[enrolments.class_[asked]] + months * 30 + rng.integers(5, 25, len(asked))
    table = _by_time(
        pa.table(
            {
                "enrollment_id": enrolment_keys(asked),
                "respondent_kind": chosen(RESPONDENTS, rng.integers(0, 4, len(asked))),
                "months_after": months,
                "item": chosen(ITEMS, rng.integers(0, 4, len(asked))),
                "score": np.round(np.clip(rng.normal(84, 7.5, len(asked)), 40, 100), 1),
                "answered_on": day_text(answered),
                "_at": answered * DAY_SECONDS + 20 * 3600,
            }
        )
    )
    return _keyed(
        table.append_column("updated_at", instant_text(table["_at"].to_numpy())), "follow_up_id", "GZ"
    )


def _needs(plan: SimulationPlan, units: Units, students: pa.Array) -> pa.Table:
    """Needs of organizations (level-2 units, three topics), posts and persons, each January."""
    rng = plan.rng("needs")
    level_two = np.flatnonzero(np.char.count(np.array(units.code), ".") == 1)
    texts = [text for topic in topics.TOPICS for text in topic.academic] + ["待定主题"]
    personal = plan.share(0.04)
    kinds = np.repeat(np.arange(3), [3 * len(level_two), len(level_two), personal])
    unit = np.concatenate([np.repeat(level_two, 3), level_two, np.full(personal, -1)])
    years = np.array(plan.years)
    kind, unit_of = np.tile(kinds, len(years)), np.tile(unit, len(years))
    year = np.repeat(years, len(kinds))
    n = len(year)
    student = np.where(unit_of < 0, rng.integers(0, len(students), n), -1)
    january = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    at = np.maximum(january + 19, plan.start_day) * DAY_SECONDS + 20 * 3600
    table = pa.table(
        {
            "year": year,
            "need_kind": chosen(NEED_KINDS, kind),
            "unit_code": take_text(pa.array(units.code), unit_of),
            "student_id": take_text(students, student),
            "topic_text": chosen(texts, rng.integers(0, len(texts), n)),
            "weight": rng.integers(1, 6, n).astype(np.float64),
            "_at": at,
            "updated_at": instant_text(at),
        }
    )
    return _keyed(table, "need_id", "XQ")


def class_keys(classes: Classes) -> pa.Array:
    """class_id of every class: `BC`, the year, and its number in that year."""
    year = classes.year
    _, first = np.unique(year, return_index=True)
    number = np.arange(len(classes)) - first[np.searchsorted(year[first], year)] + 1
    return concat("BC", pa.array(year).cast(pa.string()), digits(number, 5))


def _by_time(table: pa.Table) -> pa.Table:
    return table.take(pa.array(np.argsort(table["_at"].to_numpy(), kind="stable"))).combine_chunks()


def _keyed(table: pa.Table, name: str, prefix: str) -> pa.Table:
    return table.add_column(0, name, digits(1_000_001 + np.arange(table.num_rows), 7, prefix))
