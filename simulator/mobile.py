"""The mobile app: attempts at micro-courses and academy courses, told in xAPI statements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.accounts import Accounts
from simulator.catalogue import Catalogue, draw_courses, draw_topics
from simulator.plan import DAY_SECONDS, Floats, Ints, SimulationPlan
from simulator.text_columns import LOCAL_OFFSET_SECONDS

ATTEMPTS_PER_YEAR = 1.5
LATE_SECONDS = 60 * DAY_SECONDS
INITIALIZED, PROGRESSED, TERMINATED, COMPLETED, PASSED, FAILED, RATED, VOIDED = range(8)
# Offsets that phones report, in minutes; most are set to Asia/Shanghai.
OFFSETS = (480, 0, 0, 540, 330, 60, -300, -480)
OFFSET_TEXTS = ("+08:00", "Z", "+00:00", "+09:00", "+05:30", "+01:00", "-05:00", "-08:00")


@dataclass
class Statements:
    """One entry per statement, by time of storage. number: identity (repeated for a re-sent statement).

    activity: below the number of micro-courses a micro-course, from there on an academy course.
    timestamp, stored: milliseconds UTC. duration: seconds, value: score or rating, -1 none.
    target: number of the statement that a `voided` one withdraws.
    """

    number: Ints
    attempt: Ints
    user: Ints
    verb: Ints
    activity: Ints
    timestamp: Ints
    offset: Ints
    stored: Ints
    duration: Ints
    value: Ints
    target: Ints

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: Ints) -> Statements:
        """The statements at these positions."""
        return Statements(**{name: column[rows] for name, column in vars(self).items()})

    @property
    def stored_day(self) -> Ints:
        """Local day of storage: the folder that a statement is delivered in."""
        return (self.stored // 1000 + LOCAL_OFFSET_SECONDS) // DAY_SECONDS


def build_statements(plan: SimulationPlan, catalogue: Catalogue, accounts: Accounts) -> Statements:
    """All statements stored up to the end of the last business date."""
    rng = plan.rng("mobile")
    years = (accounts.active_to - accounts.active_from) / 365.25
    count = rng.poisson(ATTEMPTS_PER_YEAR * (0.3 + 0.7 * accounts.pace) * (accounts.pace > 0) * years)
    user = np.repeat(np.arange(len(accounts)), count)
    n = len(user)
    day = accounts.active_from[user] + (
        rng.random(n) * (accounts.active_to - accounts.active_from)[user]
    ).astype(np.int64)
    clock = np.clip(rng.normal(np.where(rng.random(n) < 0.4, 12.5, 19.8), 2.2), 5.5, 23.4) * 3600
    begin = (day * DAY_SECONDS + clock.astype(np.int64) - LOCAL_OFFSET_SECONDS) * 1000
    activity, length = _activities(plan, rng, catalogue, accounts, user)

    done, quits = rng.random(n) < 0.79, rng.random(n) < 0.04
    length = np.where(done, length, (length * rng.uniform(0.1, 0.9, n))).astype(np.int64)
    finish = begin + length * 1000
    exam, opinion, sees = (rng.random((3, n)) < np.array([[0.085], [0.045], [0.3]])) & np.array(
        [done, done, ~quits]
    )
    good = rng.random(n) < 0.88
    mark = np.where(good, rng.integers(60, 101, n), rng.integers(25, 60, n))
    tail = rng.integers(20, 240, n) * 1000
    parts = (
        (INITIALIZED, np.ones(n, bool), begin, -1, -1),
        (PROGRESSED, sees, begin + length * 500, -1, -1),
        (TERMINATED, ~quits, finish, length, -1),
        (COMPLETED, done, finish + 1000, -1, -1),
        (PASSED, exam & good, finish + tail, -1, mark),
        (FAILED, exam & ~good, finish + tail, -1, mark),
        (RATED, opinion, finish + tail + 30_000, -1, rng.choice([2, 3, 4, 5], n, p=[0.02, 0.14, 0.43, 0.41])),
    )
    attempt = np.concatenate([np.flatnonzero(mask) for _, mask, *_ in parts])
    verb = np.concatenate([np.full(int(mask.sum()), code) for code, mask, *_ in parts])
    timestamp, duration, value = (
        np.concatenate([np.broadcast_to(part[k], n)[part[1]] for part in parts]) for k in (2, 3, 4)
    )
    total = len(attempt)
    timestamp = timestamp + np.where(rng.random(total) < 0.33, rng.integers(0, 1000, total), 0)
    offset = rng.choice(len(OFFSETS), total, p=[0.885, 0.07, 0.015, 0.009, 0.006, 0.005, 0.005, 0.005])
    stored = timestamp + (_lag(rng, total) * 1000).astype(np.int64)
    made = Statements(
        number=np.arange(total),
        attempt=attempt,
        user=user[attempt],
        verb=verb,
        activity=activity[attempt],
        timestamp=timestamp,
        offset=offset,
        stored=stored,
        duration=duration.astype(np.int64),
        value=value.astype(np.int64),
        target=np.full(total, -1),
    )
    made = _with_voidings(rng, made)
    resent = rng.choice(len(made), max(1, len(made) // 130), replace=False)
    everything = made.take(np.concatenate([np.arange(len(made)), resent]))
    everything = everything.take(np.argsort(everything.stored, kind="stable"))
    last = ((plan.end_day + 1) * DAY_SECONDS - LOCAL_OFFSET_SECONDS) * 1000
    return everything.take(np.flatnonzero(everything.stored < last))


def _activities(
    plan: SimulationPlan, rng: np.random.Generator, catalogue: Catalogue, accounts: Accounts, user: Ints
) -> tuple[Ints, Ints]:
    """What is opened, and how long it takes to finish in seconds."""
    micro, n = len(catalogue.micro_title), len(user)
    topic = draw_topics(rng, catalogue.appetite, accounts.profile[user])
    course = catalogue.online.opened(draw_courses(rng, topic, catalogue.online.topic))
    same_topic = topic + 23 * rng.integers(0, max(1, micro // 23), n)
    is_course = rng.random(n) < 0.2
    course_seconds = catalogue.online.seconds[course] * rng.uniform(0.8, 1.1, n)
    length = np.where(is_course, course_seconds, rng.gamma(4.0, 210, n) + 90)
    return np.where(is_course, micro + course, np.minimum(same_topic, micro - 1)), length.astype(np.int64)


def _lag(rng: np.random.Generator, n: int) -> Floats:
    """Seconds from the event to the server: mostly a minute, sometimes a night, weeks, or years."""
    dice = rng.random(n)
    lag = rng.uniform(1, 65, n)
    lag = np.where(dice > 0.82, rng.uniform(600, 70_000, n), lag)
    lag = np.where(dice > 0.965, rng.uniform(1, 40, n) * DAY_SECONDS, lag)
    return np.where(dice > 0.9965, rng.uniform(60, 1500, n) * DAY_SECONDS, lag)


def _with_voidings(rng: np.random.Generator, made: Statements) -> Statements:
    """A few statements are withdrawn by a later one."""
    n = len(made)
    target = rng.choice(n, max(1, n // 270), replace=False)
    voiding = made.take(target)
    voiding.number = n + np.arange(len(target))
    voiding.verb = np.full(len(target), VOIDED)
    voiding.target = made.number[target]
    voiding.timestamp = made.timestamp[target] + rng.integers(60, 100_000, len(target)) * 1000
    voiding.stored = np.maximum(voiding.timestamp, made.stored[target]) + 20_000
    voiding.duration, voiding.value = np.full(len(target), -1), np.full(len(target), -1)
    return Statements(
        **{name: np.concatenate([column, getattr(voiding, name)]) for name, column in vars(made).items()}
    )


def durations_shape(statements: Statements) -> Ints:
    """Which of four ISO 8601 shapes a duration is written in, by the attempt."""
    return np.where(statements.attempt % 12 < 9, 0, statements.attempt % 12 - 8)
