"""What a simulated city is asked to be, and what the simulator reports of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Progress = Callable[[str, float], None]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

DAY_SECONDS = 86_400
EXPORT_HOUR = 22  # the four systems export at 22:00 local time; what is newer goes into the next night
FEWEST_CADRES = 50


@dataclass(frozen=True)
class SimulationPlan:
    """A city to simulate.

    cadres: people on the books of the cadre-management system. start, end: first and last day of
    activity; `end` is also the last business date. seed: same plan, same bytes. nights: the last so
    many business dates each get their own exports; all before goes into the first of them.
    dirty: plant every kind of fault of docs/simulator.md. damaged_identity_share: share of registrations
    whose name, and independently of those whose number, is mistyped on top of that (0 to 1).
    """

    cadres: int
    start: date
    end: date
    seed: int = 7
    nights: int = 2
    dirty: bool = True
    damaged_identity_share: float = 0.0

    def __post_init__(self) -> None:
        if self.cadres < FEWEST_CADRES:
            raise ValueError(f"a city has at least {FEWEST_CADRES} cadres, not {self.cadres}")
        if not 0 <= self.damaged_identity_share <= 1:
            raise ValueError("the city's share of damaged identities is from 0 to 1")
        if self.nights < 1 or self.start + timedelta(days=self.nights + 30) > self.end:
            raise ValueError("the city needs at least one night, and 30 days of history before the first")

    @property
    def business_dates(self) -> list[date]:
        """The nights, oldest first."""
        return [self.end - timedelta(days=k) for k in range(self.nights - 1, -1, -1)]

    @property
    def start_day(self) -> int:
        """First day of activity, as days since 1970-01-01."""
        return day_number(self.start)

    @property
    def end_day(self) -> int:
        """Last business date, as days since 1970-01-01."""
        return day_number(self.end)

    @property
    def first_night_day(self) -> int:
        """First business date, as days since 1970-01-01."""
        return self.end_day - self.nights + 1

    @property
    def cutoffs(self) -> Ints:
        """For each night, the local second up to which its exports reach."""
        days = np.arange(self.first_night_day, self.end_day + 1, dtype=np.int64)
        return days * DAY_SECONDS + EXPORT_HOUR * 3600

    @property
    def years(self) -> list[int]:
        """Calendar years of activity."""
        return list(range(self.start.year, self.end.year + 1))

    def rng(self, subject: str) -> np.random.Generator:
        """A random stream of its own for each subject, so that a change in one leaves the others alone."""
        return np.random.default_rng([self.seed, zlib.crc32(subject.encode())])

    def share(self, part: float, least: int = 1) -> int:
        """A share of the cadres, as a count, at least `least`."""
        return max(least, round(self.cadres * part))


@dataclass(frozen=True)
class PlantedDirt:
    """One planted fault: which file (path in the drop), which kind, how many rows, and what exactly."""

    file: str
    kind: str
    rows: int
    detail: str = ""


@dataclass
class SimulationReport:
    """What was written: files and bytes of the drop, rows by `<source>.<entity>`, and the planted faults."""

    files: int = 0
    bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    dirt: list[PlantedDirt] = field(default_factory=list)

    @property
    def dirt_by_kind(self) -> dict[str, int]:
        """Rows (files, for faults of a whole file) planted of each kind."""
        totals: dict[str, int] = {}
        for planted in self.dirt:
            totals[planted.kind] = totals.get(planted.kind, 0) + planted.rows
        return totals

    def count(self, entity: str, rows: int) -> None:
        """Add rows written for an entity."""
        self.rows[entity] = self.rows.get(entity, 0) + rows

    def plant(self, file: str, kind: str, rows: int, detail: str = "") -> None:
        """Note a planted fault."""
        if rows:
            self.dirt.append(PlantedDirt(file, kind, rows, detail))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def day_date(day: int) -> date:
    """The date of a day number."""
    return date(1970, 1, 1) + timedelta(days=int(day))
