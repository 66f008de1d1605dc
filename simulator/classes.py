"""Classes of the academic-affairs system over the years, and their timetables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator import vocabulary as words
from simulator.catalogue import GROUPS, THEORY_PARTY, TOPICS, Catalogue, draw_courses, draw_topics
from simulator.plan import Bools, Floats, Ints, SimulationPlan
from simulator.units import Units

ENROLMENTS_PER_YEAR = 2.0  # per cadre, before overlapping call-ups are dropped
PLANNED_AHEAD_DAYS = 60
RUNNING_KIND = 1
ALL_AREAS = -1
OFF_JOB, HALF_TIME, PART_TIME = 1, 2, 3  # leave_status
PLANNED, RUNNING, FINISHED, CANCELLED = range(4)
STATUSES = ("planned", "running", "finished", "cancelled")
ANY_BAND, SECTION_BAND, COUNTY_BAND = 0, 1, 2
_MONTH_WEIGHTS = np.array([0.5, 0.4, 1.2, 1.3, 1.4, 1.3, 0.8, 0.6, 1.2, 1.3, 1.4, 0.7])


@dataclass(frozen=True)
class Kind:
    """A kind of class: codes of sources.md 2, the range of days, its share of all classes, its words."""

    class_type: str
    training_kind: str
    leave: int
    is_main: bool
    days: tuple[int, int]
    share: float
    county_share: float
    noun: str


KINDS = (
    Kind("1", "4", OFF_JOB, True, (12, 40), 0.085, 0.50, "进修班"),
    Kind("2", "2", OFF_JOB, True, (40, 75), 0.022, 0.35, "中青年干部培训班"),
    Kind("2", "2", OFF_JOB, False, (5, 14), 0.130, 0.35, "任职培训班"),
    Kind("2", "1", OFF_JOB, False, (10, 15), 0.030, 0.00, "初任培训班"),
    Kind("2", "4", OFF_JOB, False, (5, 12), 0.190, 0.25, "培训班"),
    Kind("3", "4", OFF_JOB, False, (10, 14), 0.025, 0.25, "理论班"),
    Kind("4", "4", OFF_JOB, False, (3, 5), 0.208, 0.30, "研讨班"),
    Kind("B", "3", OFF_JOB, False, (1, 5), 0.280, 0.10, "业务培训班"),
    Kind("2", "3", HALF_TIME, False, (15, 25), 0.015, 0.10, "半脱产培训班"),
    Kind("2", "4", PART_TIME, False, (28, 63), 0.015, 0.10, "干部夜校"),
)


@dataclass
class Classes:
    """One entry per class, by start day. kind: position in KINDS.

    area: whose cadres are called up (0 the city's own units, -1 all).

    theme: position in the theme table, -1 none. Lessons are columns of their own, sorted by class;
    lesson_class points here. first_lesson, lessons: the range of a class's lessons.
    """

    kind: Ints
    area: Ints
    band: Ints
    start: Ints
    end: Ints
    theme: Ints
    school: Ints
    seats: Ints
    organizer: Ints
    base: Ints
    head_teacher: Ints
    online_class: Ints
    cancelled: Bools
    planned_hours: Floats
    is_backfill: Bools
    lesson_class: Ints
    lesson_day: Ints
    lesson_slot: Ints
    lesson_course: Ints
    lesson_teacher: Ints
    lesson_hours: Floats
    first_lesson: Ints
    lessons: Ints

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def leave(self) -> Ints:
        """leave_status of each class."""
        return np.array([k.leave for k in KINDS])[self.kind]

    @property
    def year(self) -> Ints:
        """Calendar year of the start."""
        return self.start.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def build_classes(plan: SimulationPlan, units: Units, catalogue: Catalogue) -> Classes:
    """Classes from the first day of activity to two months after the last, with their lessons."""
    rng = plan.rng("classes")
    span = plan.end_day + PLANNED_AHEAD_DAYS - plan.start_day
    mean_seats = float(np.clip(8 + plan.cadres / 100, 10, 40))
    n = max(40, round(plan.cadres * ENROLMENTS_PER_YEAR * span / 365.25 / mean_seats))
    kind = rng.choice(len(KINDS), n, p=[k.share for k in KINDS])
    low, high = (np.array([k.days[side] for k in KINDS])[kind] for side in (0, 1))
    days = rng.integers(low, high + 1)
    start = _starts(rng, plan, n)
    short = days <= 3
    monday = start - (start + 3) % 7  # 1970-01-01 was a Thursday
    start = np.where(
        short & (rng.random(n) < 0.25), start, monday + np.where(short, rng.integers(0, 3, n), 0)
    )
    start = np.maximum(start, plan.start_day)
    # However small the city, one class is running on the last day.
    kind[0], days[0], start[0] = RUNNING_KIND, 50, (plan.end_day - 15) // 7 * 7 + 4
    order = np.argsort(start, kind="stable")
    kind, days, start = kind[order], days[order], start[order]

    areas = int(units.area.max())
    people = np.bincount(units.area, units.weight * units.drive**1.5)  # driven areas hold more classes
    # A small city's counties are too small to fill classes of their own.
    own_share = np.clip(plan.cadres / (areas + 1) / (12 * mean_seats), 0.15, 0.6)
    own = rng.choice(areas + 1, n, p=people / people.sum())
    area = np.where(rng.random(n) < own_share, own, ALL_AREAS)
    county_band = rng.random(n) < np.array([k.county_share for k in KINDS])[kind]
    long = days >= 10
    band = np.where(county_band, COUNTY_BAND, np.where(long | (rng.random(n) < 0.4), SECTION_BAND, ANY_BAND))
    theme, theme_topic = _themes(rng, catalogue, units, kind, area)
    taught = rng.random(n) > 0.03
    classes = Classes(
        kind=kind,
        area=area,
        band=band,
        start=start,
        end=start + days - 1,
        theme=theme,
        school=_schools(rng, catalogue, area),
        seats=np.maximum(5, rng.normal(mean_seats, mean_seats / 6, n)).astype(np.int64),
        organizer=rng.choice(np.flatnonzero(units.is_active & (units.categories == 1)), n),
        base=np.where(rng.random(n) < 0.25, rng.integers(0, len(words.BASES), n), -1),
        head_teacher=rng.integers(0, catalogue.tables["staff"].num_rows, n),
        online_class=np.full(n, -1),
        cancelled=(rng.random(n) < 0.018) & (order > 0),
        planned_hours=np.zeros(n),
        is_backfill=_backfilled(rng, plan, start),
        **_timetable(rng, catalogue, units, kind, area, start, days, theme_topic, taught),
    )
    hours = np.bincount(classes.lesson_class, classes.lesson_hours, minlength=n)
    classes.planned_hours = np.where(hours > 0, hours, np.maximum(1, days * 5 // 7) * 8.0)
    return classes


def status_on(classes: Classes, day: int) -> Ints:
    """Status of every class on a day."""
    status = np.where(classes.end <= day, FINISHED, np.where(classes.start <= day, RUNNING, PLANNED))
    return np.where(classes.cancelled, CANCELLED, status)


def _starts(rng: np.random.Generator, plan: SimulationPlan, n: int) -> Ints:
    """Spring and autumn terms are busier than high summer and the weeks around New Year."""
    day = np.arange(plan.start_day, plan.end_day + PLANNED_AHEAD_DAYS)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    weight = _MONTH_WEIGHTS[month]
    return rng.choice(day, n, p=weight / weight.sum())


def _backfilled(rng: np.random.Generator, plan: SimulationPlan, start: Ints) -> Bools:
    """A third of the classes of the first two years stands only in workbooks."""
    year = start.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return (year < plan.start.year + 2) & (year < plan.end.year) & (rng.random(len(start)) < 0.3)


def _topic_shares(catalogue: Catalogue, units: Units) -> Floats:
    """Shares of topics by audience, at row area + 1: those of the area's first unit; row 0 is balanced."""
    profile = units.profile[np.unique(units.area, return_index=True)[1]]
    return catalogue.appetite[np.concatenate([[0, 0], profile[1:]])]


def _themes(
    rng: np.random.Generator, catalogue: Catalogue, units: Units, kind: Ints, area: Ints
) -> tuple[Ints, Ints]:
    """A theme for most classes; main and theory classes mostly take theory or party topics."""
    n = len(kind)
    shares = _topic_shares(catalogue, units)
    political = np.array([k.is_main or k.class_type == "3" for k in KINDS])[kind] & (rng.random(n) < 0.8)
    weighted = np.vstack([shares, shares * np.where(THEORY_PARTY, 1.0, 0.0) + 1e-9])
    topic = draw_topics(rng, weighted, area + 1 + len(shares) * political)
    mapped = catalogue.theme_topic[:-1]
    first = np.searchsorted(mapped, np.arange(TOPICS))
    count = np.bincount(mapped, minlength=TOPICS)
    theme = first[topic] + (rng.random(n) * count[topic]).astype(np.int64)
    dice = rng.random(n)
    unmapped = len(catalogue.theme_topic) - 1
    return np.where(dice < 0.05, -1, np.where(dice < 0.08, unmapped, theme)), topic


def _schools(rng: np.random.Generator, catalogue: Catalogue, area: Ints) -> Ints:
    """County classes go to the county's party school, the others mostly to the city's; some to nobody's."""
    n = len(area)
    recognized, unrecognized = len(words.RECOGNIZED_SCHOOLS), len(words.OTHER_SCHOOLS)
    shares = np.array([0.42, 0.12, 0.14, 0.05, 0.05, 0.07, 0.08, 0.07])
    city = rng.choice(recognized, n, p=shares)
    county = recognized + unrecognized + area - 1
    school = np.where((area > 0) & (rng.random(n) < 0.85), county, city)
    return np.where(rng.random(n) < 0.035, recognized + rng.integers(0, unrecognized, n), school)


def _timetable(
    rng: np.random.Generator,
    catalogue: Catalogue,
    units: Units,
    kind: Ints,
    area: Ints,
    start: Ints,
    days: Ints,
    theme_topic: Ints,
    taught: Bools,
) -> dict[str, Any]:
    """Two lessons each weekday (half-time: mornings every other day; evening school: one evening a week)."""
    of_class = np.repeat(np.arange(len(kind)), days * taught)
    offset = np.arange(len(of_class)) - np.repeat(np.cumsum(days * taught) - days * taught, days * taught)
    day = start[of_class] + offset
    leave = np.array([k.leave for k in KINDS])[kind][of_class]
    weekday = ((day + 3) % 7 < 5) | (days[of_class] <= 3)
    held = np.where(
        leave == PART_TIME,
        offset % 7 == 1,
        np.where(leave == HALF_TIME, weekday & (offset % 2 == 0), weekday),
    )
    of_class, day, leave = of_class[held], day[held], leave[held]

    slots = np.where(leave == OFF_JOB, 2, 1)
    course = _day_courses(rng, catalogue, units, kind, area, theme_topic, of_class)
    lesson_of = np.repeat(np.arange(len(of_class)), slots)
    slot = np.arange(len(lesson_of)) - np.repeat(np.cumsum(slots) - slots, slots)
    slot = np.where(leave[lesson_of] == PART_TIME, 2, slot)
    lesson_course = course[lesson_of]
    other = (slot == 1) & (rng.random(len(slot)) < 0.45)
    lesson_course = np.where(
        other,
        _day_courses(rng, catalogue, units, kind, area, theme_topic, of_class)[lesson_of],
        lesson_course,
    )
    hours_a_lesson = np.where(rng.random(len(kind)) < 0.12, 3.5, 4.0)
    lesson_class = of_class[lesson_of]
    hours = np.where(slot == 2, 2.0, hours_a_lesson[lesson_class])
    count = np.bincount(lesson_class, minlength=len(kind))
    return {
        "lesson_class": lesson_class,
        "lesson_day": day[lesson_of],
        "lesson_slot": slot,
        "lesson_course": lesson_course,
        "lesson_teacher": _teachers(rng, catalogue, kind[lesson_class]),
        "lesson_hours": hours,
        "first_lesson": np.cumsum(count) - count,
        "lessons": count,
    }


def _day_courses(
    rng: np.random.Generator,
    catalogue: Catalogue,
    units: Units,
    kind: Ints,
    area: Ints,
    theme_topic: Ints,
    of_class: Ints,
) -> Ints:
    """Main classes: at least 70 % theory and party, most of them; others: half the class's own theme."""
    shares = _topic_shares(catalogue, units)
    party = np.where(GROUPS == "party", 1.5, np.where(GROUPS == "theory", 1.7, 0.12))
    mixed = draw_topics(rng, shares, area[of_class] + 1)
    political = draw_topics(rng, shares * party, area[of_class] + 1)
    is_main = np.array([k.is_main for k in KINDS])[kind][of_class]
    dice = rng.random(len(of_class))
    own = theme_topic[of_class]
    topic = np.where(is_main, np.where(dice < 0.25, own, political), np.where(dice < 0.6, own, mixed))
    return draw_courses(rng, topic, catalogue.course_topic)


def _teachers(rng: np.random.Generator, catalogue: Catalogue, kind_of_lesson: Ints) -> Ints:
    n = len(kind_of_lesson)
    leaders = np.flatnonzero(catalogue.teacher_is_leader)
    is_main = np.array([k.is_main for k in KINDS])[kind_of_lesson]
    by_leader = rng.random(n) < np.where(is_main, 0.2, 0.03)
    skew = (len(catalogue.teacher_is_leader) * rng.random(n) ** 1.3).astype(np.int64)
    return np.where(by_leader, rng.choice(leaders, n), skew)
