"""Who is called up to which class, with what result, and which lessons were missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.classes import COUNTY_BAND, SECTION_BAND, Classes
from simulator.people import Cadres
from simulator.plan import Floats, Ints, SimulationPlan
from simulator.units import Units

PASSED, FAILED, WITHDRAWN, ENROLLED = range(4)
RESULTS = ("passed", "failed", "withdrawn", "enrolled")
PRESENT, LATE, ON_LEAVE, ABSENT = range(4)
ATTENDANCE = ("present", "late", "leave", "absent")
_DRAWN_OVER = 1.12  # drawn beyond the seats, because some draws hit the same person twice


@dataclass
class Enrolments:
    """One entry per enrolment, by class. cadre -1: a guest from outside the city's books (guest: which one).

    final: the result once the class has ended. Attendance is a column set of its own: rows exist for
    lessons that were missed or noted, position of the lesson and of the enrolment.
    """

    class_: Ints
    cadre: Ints
    guest: Ints
    enrolled: Ints
    final: Ints
    score: Floats
    att_lesson: Ints
    att_enrolment: Ints
    att_status: Ints

    def __len__(self) -> int:
        return len(self.class_)


def build_enrolments(plan: SimulationPlan, units: Units, cadres: Cadres, classes: Classes) -> Enrolments:
    """Fill the seats. Driven people and units come again and again, some people never."""
    rng = plan.rng("enrolments")
    class_, cadre = _call_up(rng, units, cadres, classes)
    class_, cadre = _without_overlaps(rng, classes, class_, cadre)
    guests = max(1, round(len(class_) * 0.006))
    guest = np.full(len(class_) + guests, -1)
    guest[-guests:] = rng.integers(0, guest_count(plan), guests)
    class_ = np.concatenate([class_, rng.integers(0, len(classes), guests)])
    cadre = np.concatenate([cadre, np.full(guests, -1)])
    order = np.lexsort((rng.random(len(class_)), class_))
    class_, cadre, guest = class_[order], cadre[order], guest[order]

    n = len(class_)
    final = rng.choice([PASSED, FAILED, WITHDRAWN, ENROLLED], n, p=[0.965, 0.011, 0.016, 0.008])
    skilled = rng.normal(84, 7, n)
    score = np.where(final == FAILED, rng.uniform(30, 59, n), np.clip(skilled, 60, 100))
    unscored = (rng.random(n) < 0.4) | (final > FAILED)
    lesson, enrolment, status = _attendance(rng, classes, class_)
    return Enrolments(
        class_=class_,
        cadre=cadre,
        guest=guest,
        enrolled=classes.start[class_] - rng.integers(3, 21, n),
        final=final,
        score=np.where(unscored, np.nan, np.round(score)),
        att_lesson=lesson,
        att_enrolment=enrolment,
        att_status=status,
    )


def guest_count(plan: SimulationPlan) -> int:
    """Students whom the cadre-management system does not know."""
    return plan.share(0.01, 3)


def _call_up(rng: np.random.Generator, units: Units, cadres: Cadres, classes: Classes) -> tuple[Ints, Ints]:
    """Draw each seat from the class's area and rank band, in proportion to drive.

    Cadres stand in one row sorted by (band, area), so that every audience is one stretch of the
    cumulated drive and a seat is one binary search.
    """
    band = np.where(cadres.county_plus, COUNTY_BAND, SECTION_BAND)
    area = units.area[cadres.unit]
    row = np.lexsort((area, band))
    heap = np.concatenate([[0.0], np.cumsum(cadres.drive[row])])
    areas = int(units.area.max()) + 1
    key = (band * areas + area)[row]
    edge = heap[np.searchsorted(key, np.arange(SECTION_BAND * areas, (COUNTY_BAND + 1) * areas + 1))]
    by_band = edge[[0, areas, 2 * areas]]

    seats = np.maximum(1, (classes.seats * _DRAWN_OVER * 0.93).astype(np.int64))
    class_ = np.repeat(np.arange(len(classes)), seats)
    wanted = classes.band[class_]
    section_share = (by_band[1] - by_band[0]) / (by_band[2] - by_band[0])
    either = np.where(rng.random(len(class_)) < section_share, SECTION_BAND, COUNTY_BAND)
    chosen = np.where(wanted == 0, either, wanted) - SECTION_BAND
    of_area = classes.area[class_]
    low = np.where(of_area >= 0, edge[chosen * areas + of_area], by_band[chosen])
    high = np.where(of_area >= 0, edge[chosen * areas + of_area + 1], by_band[chosen + 1])
    empty = high - low < 1e-9  # nobody of that rank in the area: the whole city is asked
    low, high = np.where(empty, by_band[chosen], low), np.where(empty, by_band[chosen + 1], high)
    drawn = np.searchsorted(heap, low + rng.random(len(class_)) * (high - low), side="right") - 1
    cadre = row[np.clip(drawn, 0, len(row) - 1)]

    keep = np.unique(class_ * len(cadres) + cadre, return_index=True)[1]
    class_, cadre = class_[keep], cadre[keep]
    there = (cadres.started[cadre] <= classes.start[class_]) & (cadres.left[cadre] > classes.end[class_])
    return class_[there], cadre[there]


def _without_overlaps(
    rng: np.random.Generator, classes: Classes, class_: Ints, cadre: Ints
) -> tuple[Ints, Ints]:
    """Drop call-ups that collide with an earlier class of the same person, all but a few."""
    forgiven = rng.random(len(class_)) < 0.004
    for _ in range(3):
        order = np.lexsort((classes.start[class_], cadre))
        class_, cadre, forgiven = class_[order], cadre[order], forgiven[order]
        begin, end = classes.start[class_], classes.end[class_]
        collides = np.zeros(len(class_), dtype=bool)
        collides[1:] = (cadre[1:] == cadre[:-1]) & (begin[1:] <= end[:-1])
        keep = ~collides | forgiven
        if keep.all():
            break
        class_, cadre, forgiven = class_[keep], cadre[keep], forgiven[keep]
    return class_, cadre


def _attendance(rng: np.random.Generator, classes: Classes, class_: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows for a tenth of the enrolments: missed lessons below, exactly at, and over 1/7 of the class's."""
    lessons = classes.lessons[class_]
    dice = rng.random(len(class_))
    seventh = lessons // 7
    few = 1 + (rng.random(len(class_)) * np.maximum(seventh, 1)).astype(np.int64)
    over = seventh + 1 + rng.integers(0, 3, len(class_))
    missed = np.where(dice < 0.055, np.minimum(few, np.maximum(seventh, 0)), np.where(dice < 0.067, over, 0))
    at_limit = (lessons % 7 == 0) & (dice > 0.97)
    missed = np.where(at_limit, seventh, missed)
    noted = np.where((dice > 0.067) & (dice < 0.105), 1 + rng.integers(0, 6, len(class_)), 0)
    rows = np.minimum(missed + noted, lessons)

    enrolment = np.repeat(np.arange(len(class_)), rows)
    step = np.arange(len(enrolment)) - np.repeat(np.cumsum(rows) - rows, rows)
    begin = (rng.random(len(class_)) * np.maximum(lessons, 1)).astype(np.int64)
    lesson = classes.first_lesson[class_][enrolment] + (begin[enrolment] + step) % lessons[enrolment]
    is_missed = step < missed[enrolment]
    away = np.where(rng.random(len(step)) < 0.53, ON_LEAVE, ABSENT)
    there = np.where(rng.random(len(step)) < 0.2, LATE, PRESENT)
    return lesson, enrolment, np.where(is_missed, away, there)
