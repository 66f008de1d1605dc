"""What the academic-affairs system knows over time: students, results, corrections of later nights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.catalogue import Catalogue
from simulator.classes import COUNTY_BAND, KINDS, Classes
from simulator.damage import damage_registrations
from simulator.enrolments import PASSED, Enrolments, guest_count
from simulator.feedback import Feedback, build_feedback, class_keys
from simulator.people import Cadres
from simulator.plan import Ints, SimulationPlan
from simulator.registrations import Guests, Registrations, build_guests, register
from simulator.text_columns import (
    chosen,
    concat,
    digits,
    take_text,
)
from simulator.units import Units


@dataclass
class Academic:
    """Everything the academic-affairs system knows over time; `tables_on` gives one night's state.

    student_of: position in students of each enrolment, -1 for back-fill enrolments. The corrections are
    made on later nights: positions by night (index 1 and on).
    """

    plan: SimulationPlan
    units: Units
    catalogue: Catalogue
    classes: Classes
    enrolments: Enrolments
    students: Registrations
    guests: Guests
    student_of: Ints
    class_names: pa.Array
    feedback: Feedback
    corrected_scores: list[Ints]
    corrected_attendance: list[Ints]
    deleted_enrolments: list[Ints]
    deleted_attendance: list[Ints]
    vanished_attendance: list[Ints]
    recategorised: list[Ints]

    @property
    def class_ids(self) -> pa.Array:
        """class_id by position."""
        return class_keys(self.classes)


def build_academic(
    plan: SimulationPlan,
    units: Units,
    cadres: Cadres,
    catalogue: Catalogue,
    classes: Classes,
    enrolments: Enrolments,
) -> Academic:
    """Register the students, collect the feedback, and decide what is corrected on the later nights."""
    rng = plan.rng("academic")
    guests = build_guests(plan.rng("guests"), guest_count(plan), plan.end_day)
    in_database = np.flatnonzero(~classes.is_backfill[enrolments.class_])
    # One person key: cadres first, then guests; a fiftieth of them registered twice.
    person = np.where(enrolments.cadre < 0, len(cadres) + enrolments.guest, enrolments.cadre)[in_database]
    key = person * 2 + ((rng.random(len(person)) < 0.3) & (person % 50 == 7))
    distinct, row = np.unique(key, return_inverse=True)
    shuffled = rng.permutation(len(distinct))
    place = np.empty(len(distinct), dtype=np.int64)
    place[shuffled] = np.arange(len(distinct))
    who = distinct[shuffled] // 2
    students = register(
        rng,
        cadres,
        units,
        guests,
        cadre=np.where(who < len(cadres), who, -1),
        guest=np.where(who < len(cadres), -1, who - len(cadres)),
        masked_share=0.0,
        staff_share=0.36,
    )
    student_of = np.full(len(enrolments), -1)
    student_of[in_database] = place[row]

    settled = np.flatnonzero(
        (student_of >= 0)
        & (classes.end[enrolments.class_] < plan.first_night_day - 100)
        & ~classes.cancelled[enrolments.class_]
        & (enrolments.final == PASSED)
    )
    seen = np.flatnonzero(np.isin(enrolments.att_enrolment, settled))
    later = plan.nights - 1
    few = plan.share(0.0008, 2)
    scores, gone = _deal(rng, settled, later, few), _deal(rng, settled, later, 1)
    noted = _deal(rng, seen, 3 * later, max(1, few // 2))
    return Academic(
        plan=plan,
        units=units,
        catalogue=catalogue,
        classes=classes,
        enrolments=enrolments,
        students=damage_registrations(plan, "academic", students),
        guests=guests,
        student_of=student_of,
        class_names=_class_names(classes, catalogue),
        feedback=build_feedback(plan, units, catalogue, classes, enrolments, student_keys(len(students))),
        corrected_scores=scores,
        deleted_enrolments=gone,
        corrected_attendance=noted[:later],
        deleted_attendance=noted[later : 2 * later],
        vanished_attendance=noted[2 * later :],
        recategorised=_deal(rng, np.arange(len(catalogue.course_topic)), later, 1),
    )


def student_keys(count: int) -> pa.Array:
    """student_id of every student."""
    return digits(100_001 + np.arange(count), 6, "XY")


def online_class_ids(plan: SimulationPlan) -> pa.Array:
    """class_id of the academy's classes, year by year."""
    per_year = online_classes_a_year(plan)
    return pa.array([f"WB{year}{k:02d}" for year in plan.years for k in range(1, per_year + 1)], pa.string())


def online_classes_a_year(plan: SimulationPlan) -> int:
    """Thematic online classes of a year."""
    return int(np.clip(6 + plan.cadres // 2500, 6, 40))


def _class_names(classes: Classes, catalogue: Catalogue) -> pa.Array:
    """`2024年…专题县处级干部进修班(第12期)`: year, theme, who, kind, number in the year."""
    number = pc.utf8_slice_codeunits(class_keys(classes), 6, 11)
    theme = pc.fill_null(take_text(catalogue.tables["theme"]["name"].combine_chunks(), classes.theme), "")
    who = np.where(classes.band == COUNTY_BAND, 1, 0) + np.where(np.isin(classes.kind, (0,)), 2, 0)
    return concat(
        pa.array(classes.year).cast(pa.string()),
        "年",
        theme,
        chosen(("", "领导干部", "科级干部", "县处级干部"), who),
        chosen([k.noun for k in KINDS], classes.kind),
        "(第",
        pc.utf8_ltrim(number, "0"),
        "期)",
    )


def _deal(rng: np.random.Generator, positions: Ints, hands: int, size: int) -> list[Ints]:
    """Disjoint random hands of at most `size` positions each."""
    if hands == 0:
        return []
    drawn = rng.permutation(positions)[: hands * size]
    return [np.sort(hand) for hand in np.array_split(drawn, hands)]
