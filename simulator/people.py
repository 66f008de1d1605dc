"""The cadres: who they are, in which unit, at which rank and grade, since when, and whether still on duty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator import vocabulary as words
from simulator.plan import Bools, Floats, Ints, SimulationPlan
from simulator.text_columns import concat, digits, identity_numbers
from simulator.units import CITY_REGION, Units

YEAR_DAYS = 365.25
ON_DUTY, RETIRED = 1, 2
FOR_EVER = 2**31 - 1  # day number of what has not ended

# The ladder from office clerk up; 1A99 (others: professional staff) stands apart at the end.
RANKS = ("1A60", "1A50", "1A42", "1A41", "1A32", "1A31", "1A22", "1A21", "1A99")
OLD_RANKS = ("0160", "0150", "0142", "0141", "0132", "0131", "0122", "0121", "0199")
POSTS = ("办事员", "科员", "副科长", "科长", "副主任", "主任", "副市级领导", "主要负责人", "专业技术人员")
CLERK, STAFF, DEPUTY_SECTION, SECTION, DEPUTY_COUNTY, COUNTY_HEAD = range(6)
PROFESSIONAL = 8
_RANK_SHARES = (0.025, 0.36, 0.22, 0.21, 0.105, 0.068, 0.009, 0.003)
GRADES = ("", "11", "12", "13", "14", "15", "16", "17", "18", "19", "1A", "1B", "1C")


@dataclass
class Cadres:
    """One entry per cadre, in the order of the person codes. Days are numbers since 1970-01-01.

    rank: position in RANKS; grade: position in GRADES (0 none). old_rank_code: the rank is written
    with its old code. left: the day the cadre retired or left (FOR_EVER: on duty). drive: appetite for
    training, 0 never called up. appears: first business date whose export has the person.
    """

    code: pa.Array
    name: pa.Array
    id_number: pa.Array
    unit: Ints
    sex: Ints
    birth: Ints
    started: Ints
    left: Ints
    status: Ints
    rank: Ints
    grade: Ints
    rank_since: Ints
    old_rank_code: Bools
    ethnic: Ints
    party: Ints
    drive: Floats
    appears: Ints

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def county_plus(self) -> Bools:
        """Rank group `county_plus` by rank (1A01 to 1A32) or grade (11 to 16)."""
        by_rank = (self.rank >= DEPUTY_COUNTY) & (self.rank != PROFESSIONAL)
        return by_rank | ((self.grade >= 1) & (self.grade <= 6))


def build_cadres(plan: SimulationPlan, units: Units) -> Cadres:
    """People with valid, distinct identity numbers; about nine in ten are on duty."""
    rng, n = plan.rng("cadres"), plan.cadres
    unit = np.sort(rng.choice(len(units), n, p=units.weight / units.weight.sum()))
    unit = rng.permutation(unit)
    status = rng.choice([1, 2, 3, 4, 9], n, p=[0.895, 0.066, 0.026, 0.006, 0.007])
    sex = np.where(rng.random(n) < 0.66, 1, 2)
    age = np.where(status == RETIRED, rng.uniform(60.1, 64.0, n), 23 + 36.5 * rng.beta(1.7, 1.9, n))
    birth = (plan.end_day - age * YEAR_DAYS).astype(np.int64)
    started = _first_of_month(birth + ((21.5 + rng.gamma(2.0, 0.8, n)) * YEAR_DAYS).astype(np.int64))
    started = np.minimum(started, plan.start_day + rng.integers(0, plan.end_day - plan.start_day, n))
    anywhen = rng.integers(plan.start_day, plan.end_day, n)
    sixty = np.clip((birth + 60 * YEAR_DAYS).astype(np.int64), plan.start_day + 30, plan.end_day - 1)
    left = np.where(
        status == ON_DUTY, FOR_EVER, np.where(status == RETIRED, sixty, np.maximum(anywhen, started + 200))
    )
    left = np.where(left == FOR_EVER, left, np.minimum(left, plan.end_day - 1))

    newcomers = rng.choice(np.flatnonzero(status == ON_DUTY), plan.share(0.0005, 2), replace=False)
    started[newcomers] = plan.end_day - 6
    appears = np.zeros(n, dtype=np.int64)
    appears[newcomers] = plan.end_day if plan.nights > 1 else 0

    rank = _ranks(rng, age, units.categories[unit], units.area[unit])
    never = rng.random(n) < 0.03
    drive = np.where(never, 0.0, rng.gamma(1.35, 1 / 1.35, n) + 0.03) * units.drive[unit]
    drive[newcomers] = 0.0
    return Cadres(
        code=digits(1_000_000 + np.cumsum(rng.integers(3, 11, n)), 7, "GB"),
        name=_names(rng, n, unit),
        id_number=_id_numbers(rng, units, unit, birth, sex),
        unit=unit,
        sex=sex,
        birth=birth,
        started=started,
        left=left,
        status=status,
        rank=rank,
        grade=_grades(rng, rank),
        rank_since=started,  # set from the post history
        old_rank_code=rng.random(n) < 0.28,
        ethnic=rng.choice(
            [1, 9, 8, 2, 3, 4, 15, 6], n, p=[0.93, 0.02, 0.013, 0.01, 0.009, 0.007, 0.007, 0.004]
        ),
        party=rng.choice([1, 13, 3, 2], n, p=[0.855, 0.112, 0.026, 0.007]),
        drive=drive,
        appears=appears,
    )


def choose_faulty_people(plan: SimulationPlan, cadres: Cadres) -> tuple[tuple[Ints, Ints], Ints]:
    """Pairs who share an identity number, and cadres with a second code."""
    rng = plan.rng("faulty people")
    serving = rng.permutation(np.flatnonzero((cadres.status == ON_DUTY) & (cadres.appears == 0)))
    few = plan.share(0.0005, 1)
    return (serving[:few], serving[few : 2 * few]), np.sort(serving[2 * few : 3 * few])


def _ranks(rng: np.random.Generator, age: Floats, category: Ints, area: Ints) -> Ints:
    """Older people and city organs rank higher; the shares of the ladder are fixed."""
    merit = 0.55 * (age - 40) / 10 + rng.normal(0, 1, len(age)) - 0.35 * (area > 0) + 0.1 * (category == 1)
    order = np.argsort(np.argsort(merit)) / len(age)
    rank = np.minimum(np.searchsorted(np.cumsum(_RANK_SHARES), order, side="right"), len(_RANK_SHARES) - 1)
    outside = np.isin(category, (4, 5, 6)) & (rank <= DEPUTY_SECTION) & (rng.random(len(age)) < 0.35)
    return np.where(outside, PROFESSIONAL, rank).astype(np.int64)


def _grades(rng: np.random.Generator, rank: Ints) -> Ints:
    """Grades beside the rank: fewer than half of the people have one; some section heads hold 16."""
    lowest = np.array([11, 11, 9, 7, 4, 3, 1, 1, 11])  # positions in GRADES
    width = np.array([2, 2, 2, 2, 3, 2, 2, 1, 2])
    grade = lowest[rank] + rng.integers(0, width[rank])
    grade = np.where((rank == SECTION) & (rng.random(len(rank)) < 0.06), 6, grade)
    return np.where(rng.random(len(rank)) < 0.46, grade, 0)


def _names(rng: np.random.Generator, n: int, unit: Ints) -> pa.Array:
    """Common surnames first, one or two given characters; some share a name within a unit."""
    surname_weight = 1 / (np.arange(len(words.SURNAMES)) + 3.0)
    surname = rng.choice(len(words.SURNAMES), n, p=surname_weight / surname_weight.sum())
    given = pa.array(list(words.GIVEN_CHARACTERS))
    first = given.take(pa.array(rng.integers(0, len(given), n)))
    second = pa.array(["", *words.GIVEN_CHARACTERS]).take(
        pa.array(np.where(rng.random(n) < 0.6, rng.integers(1, len(given) + 1, n), 0))
    )
    rare = np.array(words.RARE_GIVEN, dtype=object)[rng.integers(0, len(words.RARE_GIVEN), n)]
    first_given = np.where(rng.random(n) < 0.004, rare, first.to_numpy(zero_copy_only=False))
    names = concat(pa.array(list(words.SURNAMES)).take(pa.array(surname)), pa.array(first_given), second)
    column = names.to_numpy(zero_copy_only=False).copy()
    long = np.flatnonzero(rng.random(n) < 0.0015)
    column[long] = np.array(words.MINORITY_NAMES, dtype=object)[
        rng.integers(0, len(words.MINORITY_NAMES), len(long))
    ]
    order = np.lexsort((rng.random(n), unit))  # neighbours in this order share a unit
    twins = np.flatnonzero((rng.random(n - 1) < 0.006) & (unit[order[1:]] == unit[order[:-1]]))
    column[order[twins + 1]] = column[order[twins]]
    return pa.array(column, pa.string())


def _id_numbers(rng: np.random.Generator, units: Units, unit: Ints, birth: Ints, sex: Ints) -> pa.Array:
    """Valid numbers of fictive regions, no two alike (two are planted later, on purpose)."""
    n = len(unit)
    area = np.where(rng.random(n) < 0.5, units.area[unit], rng.integers(0, 11, n))
    region = np.where(rng.random(n) < 0.12, 519981, CITY_REGION + area)
    sequence = rng.integers(0, 499, n) * 2 + (sex == 1)
    while True:
        key = (region * 100_000 + birth) * 1000 + sequence
        _, first = np.unique(key, return_index=True)
        again = np.setdiff1d(np.arange(n), first)
        if not len(again):
            return identity_numbers(region, birth, sequence)
        sequence[again] = rng.integers(0, 499, len(again)) * 2 + (sex[again] == 1)


def _first_of_month(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
