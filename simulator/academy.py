"""The online academy: thematic classes, learning records with their sessions, ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.academic import online_classes_a_year
from simulator.accounts import Accounts
from simulator.catalogue import (
    THEORY_PARTY,
    Catalogue,
    OnlineCourses,
    draw_courses,
    draw_topics,
    topic_ranges,
)
from simulator.plan import DAY_SECONDS, Floats, Ints, SimulationPlan

ELECTIVES_PER_YEAR = 8.0  # learning records of a cadre, in the middle of the simulated years
CLASSES_PER_YEAR = 0.28  # online classes of a cadre
RESULTS = ("passed", "failed", "withdrawn", "enrolled")
_MONTH_WEIGHTS = np.array([0.9, 0.9, 1.0, 1.1, 1.2, 1.35, 0.85, 0.75, 0.8, 0.9, 0.95, 1.3])


@dataclass
class OnlineClasses:
    """Thematic classes by number, and their enrolments. theme: position in the theme table, -1 none."""

    theme: Ints
    topic: Ints
    start: Ints
    end: Ints
    enr_class: Ints
    enr_user: Ints
    enr_result: Ints


@dataclass
class Study:
    """Learning records (one entry each) and sessions. Times are local seconds; completed -1: not completed.

    updated: when the record last changed; class_ -1: elective. Sessions point to their record.
    """

    user: Ints
    course: Ints
    class_: Ints
    started: Ints
    last: Ints
    completed: Ints
    seconds: Ints
    progress: Floats
    score: Floats
    client: Ints
    updated: Ints
    ses_record: Ints
    ses_start: Ints
    ses_seconds: Ints
    rate_record: Ints
    rate_score: Ints

    def __len__(self) -> int:
        return len(self.user)


def build_online_classes(plan: SimulationPlan, catalogue: Catalogue, accounts: Accounts) -> OnlineClasses:
    """A few classes a year, on themes; driven people enrol more often."""
    rng = plan.rng("online classes")
    per_year = online_classes_a_year(plan)
    first_days = (
        np.array([np.datetime64(f"{year}-01-01") for year in plan.years])
        .astype("datetime64[D]")
        .astype(np.int64)
    )
    n = per_year * len(first_days)
    slot = np.tile(np.arange(per_year), len(first_days))
    start = np.repeat(first_days, per_year) + slot * 340 // per_year + rng.integers(5, 30, n)
    theme = rng.integers(0, len(catalogue.theme_topic), n)
    topic = np.where(catalogue.theme_topic[theme] < 0, 0, catalogue.theme_topic[theme])
    wanted = max(3, round(len(accounts) * CLASSES_PER_YEAR / per_year))
    weight = np.cumsum(accounts.drive**1.5)
    drawn = np.searchsorted(weight, rng.random(n * wanted) * weight[-1], side="right")
    class_, user = np.divmod(
        np.unique(np.repeat(np.arange(n), wanted) * len(accounts) + drawn), len(accounts)
    )
    serving = (accounts.active_from[user] <= start[class_]) & (accounts.active_to[user] > start[class_] + 60)
    class_, user = class_[serving], user[serving]
    return OnlineClasses(
        theme=np.where(rng.random(n) < 0.1, -1, theme),
        topic=topic,
        start=start,
        end=start + rng.integers(40, 76, n),
        enr_class=class_,
        enr_user=user,
        enr_result=rng.choice(4, len(class_), p=[0.885, 0.055, 0.032, 0.028]),
    )


def build_study(
    plan: SimulationPlan, catalogue: Catalogue, accounts: Accounts, classes: OnlineClasses
) -> Study:
    """All records up to the last export, by time of the last change, with the sessions behind them."""
    rng = plan.rng("study")
    user, day, class_ = _visits(plan, rng, accounts, classes)
    course = _courses(rng, catalogue, accounts, classes, user, class_, day)
    once = _once_in_a_class(user, class_, course)
    user, day, class_, course = user[once], day[once], class_[once], course[once]
    start = day * DAY_SECONDS + _time_of_day(rng, len(day))
    pace = np.where(
        rng.random(len(user)) < 0.02, rng.uniform(0.2, 0.48, len(user)), rng.uniform(0.93, 1.35, len(user))
    )
    user, course, class_, start, pace = _with_gaming(rng, catalogue, user, course, class_, start, pace)

    n = len(user)
    online = catalogue.online
    course = online.opened(course)
    done = rng.random(n) < np.where(class_ >= 0, 0.94, 0.85)
    progress = np.where(done, 1.0, np.round(rng.uniform(0.05, 0.95, n), 2))
    seconds = np.maximum(60, online.seconds[course] * pace * progress).astype(np.int64)
    twice = (rng.random(n) < 0.27) & (seconds > 900)
    first_part = np.where(twice, (seconds * rng.uniform(0.3, 0.7, n)).astype(np.int64), seconds)
    again = (start // DAY_SECONDS + rng.integers(1, 6, n)) * DAY_SECONDS + _time_of_day(rng, n)
    last = np.where(twice, again + seconds - first_part, start + seconds)
    updated = last + rng.integers(5, 95, n)

    exported = updated <= plan.cutoffs[-1]
    order = np.flatnonzero(exported)[np.argsort(updated[exported], kind="stable")]
    user, course, class_, start, last = (c[order] for c in (user, course, class_, start, last))
    seconds, updated, first_part, again = (c[order] for c in (seconds, updated, first_part, again))
    done, twice, progress = done[order], twice[order], progress[order]
    n = len(user)
    examined = online.exam[course] & (done | (rng.random(n) < 0.05))
    failed = rng.random(n) < 0.035
    score = np.where(failed, rng.integers(30, 60, n), np.clip(rng.normal(83, 8.5, n), 60, 100).round())
    rated = np.flatnonzero(done & (rng.random(n) < 0.055) & (updated + 70 <= plan.cutoffs[-1]))
    quality = rng.normal(0, 0.35, len(online))[course[rated]]
    return Study(
        user=user,
        course=course,
        class_=class_,
        started=start,
        last=last,
        completed=np.where(done, last, -1),
        seconds=seconds,
        progress=progress,
        score=np.where(examined, score, np.nan),
        client=rng.choice(3, n, p=[0.5, 0.3, 0.2]),
        updated=updated,
        ses_record=np.concatenate([np.arange(n), np.flatnonzero(twice)]),
        ses_start=np.concatenate([start, again[twice]]),
        ses_seconds=np.concatenate([first_part, (seconds - first_part)[twice]]),
        rate_record=rated,
        rate_score=np.clip(np.round(4.25 + quality + rng.normal(0, 0.65, len(rated))), 1, 5).astype(np.int64),
    )


def _visits(
    plan: SimulationPlan, rng: np.random.Generator, accounts: Accounts, classes: OnlineClasses
) -> tuple[Ints, Ints, Ints]:
    """(user, day, class) of each record: electives, courses of a class within its dates, cramming."""
    days = np.arange(plan.start_day, plan.end_day + 1)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    grown = 0.6 + 1.3 * (np.arange(len(days)) / len(days)) ** 2  # use of the academy grows over the years
    mass = np.concatenate([[0.0], np.cumsum(_MONTH_WEIGHTS[month] * grown)])
    low, high = mass[accounts.active_from - plan.start_day], mass[accounts.active_to - plan.start_day]
    a_year = mass[-1] / (len(days) / 365.25)
    count = rng.poisson(ELECTIVES_PER_YEAR * accounts.pace * (high - low) / a_year)
    user = np.repeat(np.arange(len(accounts)), count)
    at = low[user] + rng.random(len(user)) * (high - low)[user]
    day = plan.start_day + np.clip(np.searchsorted(mass, at, side="right") - 1, 0, len(days) - 1)

    attended = np.flatnonzero(classes.enr_result != RESULTS.index("withdrawn"))
    enrolment = np.repeat(attended, rng.integers(7, 14, len(attended)))
    class_ = classes.enr_class[enrolment]
    window = np.minimum(classes.end[class_] - 6, plan.end_day) - classes.start[class_]
    class_day = classes.start[class_] + (rng.random(len(class_)) * np.maximum(window, 0)).astype(np.int64)
    begun = classes.start[class_] <= plan.end_day

    crammer = np.flatnonzero(accounts.crams)
    past = [year for year in plan.years if year < plan.end.year] or [plan.start.year]
    crammed = np.repeat(crammer, 24)
    year = np.repeat(rng.choice(past, len(crammer)), 24)
    december = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 350
    cram_day = np.clip(december + rng.integers(0, 13, len(crammed)), plan.start_day, plan.end_day)
    none = np.full(len(user) + len(crammed), -1)
    return (
        np.concatenate([user, crammed, classes.enr_user[enrolment][begun]]),
        np.concatenate([day, cram_day, class_day[begun]]),
        np.concatenate([none, class_[begun]]),
    )


def _once_in_a_class(user: Ints, class_: Ints, course: Ints) -> Ints:
    """Positions of all electives, and of the first record of each course that a class has someone study."""
    of_class = np.flatnonzero(class_ >= 0)
    key = (user[of_class] * (class_.max() + 2) + class_[of_class]) * (course.max() + 1) + course[of_class]
    first = of_class[np.unique(key, return_index=True)[1]]
    return np.sort(np.concatenate([np.flatnonzero(class_ < 0), first]))


def _courses(
    rng: np.random.Generator,
    catalogue: Catalogue,
    accounts: Accounts,
    classes: OnlineClasses,
    user: Ints,
    class_: Ints,
    day: Ints,
) -> Ints:
    """Electives follow the unit's profile; class courses the class's topic, then theory and party."""
    political = catalogue.appetite[:1] * np.where(THEORY_PARTY, 1.0, 0.15)
    shares = np.vstack([catalogue.appetite, political])
    free = draw_topics(rng, shares, np.where(class_ >= 0, len(shares) - 1, accounts.profile[user]))
    own = (class_ >= 0) & (rng.random(len(user)) < 0.5)
    topic = np.where(own, classes.topic[np.maximum(class_, 0)], free)
    course = draw_courses(rng, topic, catalogue.online.topic)
    return _offered(catalogue.online, course, day)


def _offered(online: OnlineCourses, course: Ints, day: Ints) -> Ints:
    """A course not yet published or already retired is replaced by the oldest of its topic."""
    gone = (online.published[course] > day) | ((online.retired[course] >= 0) & (online.retired[course] < day))
    first, _ = topic_ranges(online.topic)
    return online.opened(np.where(gone, first[online.topic[course]], course))


def _time_of_day(rng: np.random.Generator, n: int) -> Ints:
    """Before work, at noon, in the evening; one in twelve at work."""
    part = rng.choice(4, n, p=[0.24, 0.27, 0.41, 0.08])
    low = np.array([6.3, 11.8, 18.3, 8.5])[part]
    width = np.array([1.9, 1.7, 4.3, 8.0])[part]
    return ((low + width * rng.random(n)) * 3600).astype(np.int64)


def _with_gaming(
    rng: np.random.Generator,
    catalogue: Catalogue,
    user: Ints,
    course: Ints,
    class_: Ints,
    start: Ints,
    pace: Floats,
) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """Add study that nobody can have done: two courses at once, and days of thirteen hours."""
    n = len(user)
    copied = np.flatnonzero(rng.random(n) < 0.004)
    marathon = rng.choice(n, max(1, n // 4000), replace=False)
    chain = np.repeat(marathon, 10)
    chain_course = rng.integers(0, len(catalogue.online), len(chain))
    length = (catalogue.online.seconds[chain_course] * 1.05 + 240).reshape(-1, 10)
    offset = (np.cumsum(length, axis=1) - length).astype(np.int64).ravel()
    chain_start = start[chain] // DAY_SECONDS * DAY_SECONDS + 6 * 3600 + offset
    return (
        np.concatenate([user, user[copied], user[chain]]),
        np.concatenate([course, _other_course(rng, catalogue, course[copied]), chain_course]),
        np.concatenate([class_, np.full(len(copied) + len(chain), -1)]),
        np.concatenate([start, start[copied] + rng.integers(60, 900, len(copied)), chain_start]),
        np.concatenate([pace, np.full(len(copied), 1.1), np.full(len(chain), 1.02)]),
    )


def _other_course(rng: np.random.Generator, catalogue: Catalogue, course: Ints) -> Ints:
    return (course + 1 + rng.integers(0, len(catalogue.online) - 1, len(course))) % len(catalogue.online)
