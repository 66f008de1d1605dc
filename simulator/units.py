"""The unit tree of the city: organs, counties, townships, enterprises, universities, merged units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from simulator import vocabulary as words
from simulator.plan import Bools, Floats, Ints, SimulationPlan, day_number

CITY_REGION = 519900
MERGED_ON = day_number(date(2022, 3, 1))
PROFILES = 12  # kinds of appetite for topics, so that units are weak in different topics

_GB32100 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_GB32100_WEIGHTS = [3**k % 31 for k in range(17)]
_ORGAN, _COUNTY, _TOWN, _INSTITUTE, _ENTERPRISE, _UNIVERSITY = range(1, 7)  # B0131


@dataclass
class Units:
    """One entry per unit, in the order of B01.csv; positions are the keys inside the simulator.

    area: 0 the city's own units, k the k-th county with all below it. predecessor: position of a unit
    merged into this one, or -1. weight: relative number of cadres. drive: how much its people are
    trained. profile: which topics they meet.
    """

    code: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    credit_code: list[str] = field(default_factory=list)
    region: list[int] = field(default_factory=list)
    parent: list[str] = field(default_factory=list)
    category: list[int] = field(default_factory=list)
    active: list[bool] = field(default_factory=list)
    successor: list[str] = field(default_factory=list)
    area: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    weight: Floats = field(default_factory=lambda: np.empty(0))
    drive: Floats = field(default_factory=lambda: np.empty(0))
    profile: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    predecessor: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.code)

    @property
    def categories(self) -> Ints:
        """B0131 as a column."""
        return np.array(self.category, dtype=np.int64)

    @property
    def is_active(self) -> Bools:
        """UNIT_STATUS as a column."""
        return np.array(self.active)

    def table(self) -> pa.Table:
        """B01 without any fault, every column text."""
        return pa.table(
            {
                "B0111": self.code,
                "B0101": self.name,
                "B0104": self.short,
                "B0114": [c or None for c in self.credit_code],
                "B0117": [str(r) for r in self.region],
                "B0121": [p or None for p in self.parent],
                "B0131": [str(c) for c in self.category],
                "UNIT_STATUS": ["1" if a else "0" for a in self.active],
                "SUCCESSOR": [s or None for s in self.successor],
            },
            schema=pa.schema([(name, pa.string()) for name in _B01]),
        )


_B01 = ("B0111", "B0101", "B0104", "B0114", "B0117", "B0121", "B0131", "UNIT_STATUS", "SUCCESSOR")


class _Tree:
    """Collects units in the order of B01."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.units = rng, Units()
        self.areas: list[int] = []
        self.weights: list[float] = []
        self.number = 0

    def add(
        self, code: str, name: str, short: str, category: int, area: int, weight: float, successor: str = ""
    ) -> None:
        """One unit; a successor makes it a merged one without cadres."""
        units, region = self.units, CITY_REGION + area
        units.code.append(code)
        units.name.append(name)
        units.short.append(short)
        units.region.append(region)
        units.parent.append(code.rpartition(".")[0])
        units.category.append(category)
        units.active.append(not successor)
        units.successor.append(successor)
        units.credit_code.append("" if self.rng.random() < 0.12 else _credit_code(self.rng, category, region))
        self.areas.append(area)
        self.weights.append(0.0 if successor else weight)

    def next_code(self) -> str:
        """The next code directly below the city."""
        self.number += 1
        return f"001.{self.number:03d}"


def build_units(plan: SimulationPlan) -> Units:
    """The tree. It grows slowly with the city: about 120 units for 300 cadres, 540 for 20,000."""
    tree = _Tree(plan.rng("units"))
    tree.add("001", words.CITY, words.CITY_SHORT, _COUNTY, 0, 0.3)
    for organ in words.CITY_ORGANS:
        code = tree.next_code()
        tree.add(code, f"{words.CITY}{organ}", f"市{organ}", _ORGAN, 0, 1.6)
        if tree.rng.random() < 0.4:
            tree.add(f"{code}.001", f"{words.CITY}{organ}综合保障中心", "综合保障中心", _INSTITUTE, 0, 0.5)
    for area, county in enumerate(words.COUNTIES[: 10 + plan.cadres // 30_000], start=1):
        _add_county(plan, tree, area, county)
    for trade in words.ENTERPRISES[: max(5, 5 + plan.cadres // 4000)]:
        name = f"{words.CITY_SHORT}{trade}集团有限公司"
        tree.add(tree.next_code(), name, f"{trade}集团", _ENTERPRISE, 0, 1.6)
    for kind in words.UNIVERSITIES:
        tree.add(
            tree.next_code(), f"{words.CITY_SHORT}{kind}", f"{words.CITY_SHORT}{kind}", _UNIVERSITY, 0, 2.0
        )
    for name in words.CITY_INSTITUTES:
        tree.add(tree.next_code(), f"{words.CITY_SHORT}{name}", name[1:], _INSTITUTE, 0, 1.3)
    grain = tree.next_code()  # a chain: the store was merged into a bureau that was itself merged
    tree.add(grain, f"{words.CITY}粮食局", "市粮食局", _ORGAN, 0, 0.0, "001.009")
    tree.add(f"{grain}.001", f"{words.CITY}粮食局储备中心", "储备中心", _INSTITUTE, 0, 0.0, grain)
    tree.add(tree.next_code(), f"{words.CITY}大数据中心", "大数据中心", _INSTITUTE, 0, 0.0, "001.030")

    units = tree.units
    units.area = np.array(tree.areas, dtype=np.int64)
    units.weight = np.array(tree.weights)
    units.drive, units.profile = _temperament(tree.rng, units)
    position = {code: k for k, code in enumerate(units.code)}
    units.predecessor = np.full(len(units), -1, dtype=np.int64)
    for k, successor in enumerate(units.successor):
        if successor:
            units.predecessor[position[successor]] = k
    return units


def _add_county(plan: SimulationPlan, tree: _Tree, area: int, county: str) -> None:
    """A district or county with its organs and townships; in three of five a township was merged."""
    organs = words.COUNTY_ORGANS[: max(3, 3 + plan.cadres // 400)]
    towns = int(np.clip(1 + plan.cadres // 800, 1, 20))
    code = tree.next_code()
    tree.add(code, f"{words.CITY}{county}", county, _COUNTY, area, 1.5)
    for k, organ in enumerate(organs, start=1):
        tree.add(f"{code}.{k:03d}", f"{county}{organ}", f"{county[-1]}{organ}", _ORGAN, area, 1.0)
        if tree.rng.random() < 0.08:
            tree.add(f"{code}.{k:03d}.001", f"{county}{organ}事务中心", "事务中心", _INSTITUTE, area, 0.4)
    for k, town in enumerate(_town_names(tree.rng, towns), start=len(organs) + 1):
        tree.add(f"{code}.{k:03d}", f"{county}{town}", town, _TOWN, area, 1.3)
    if area % 5 < 3:
        name = f"老{words.TOWN_FIRST[area % len(words.TOWN_FIRST)]}河乡"
        merged_into = f"{code}.{len(organs) + 1:03d}"
        tree.add(f"{code}.{900 + area:03d}", f"{county}{name}", name, _TOWN, area, 0.0, merged_into)


def _temperament(rng: np.random.Generator, units: Units) -> tuple[Floats, Ints]:
    """Drive and profile: areas differ, units within an area differ less, a few are neglected."""
    areas = int(units.area.max()) + 1
    by_area = np.exp(rng.normal(0, 0.28, areas))
    drive = by_area[units.area] * np.exp(rng.normal(0, 0.36, len(units)))
    drive[rng.random(len(units)) < 0.06] *= 0.4
    area_profile = rng.integers(0, PROFILES, areas)
    own = rng.random(len(units)) < np.where(units.area == 0, 0.8, 0.25)
    return drive, np.where(own, rng.integers(0, PROFILES, len(units)), area_profile[units.area])


def _town_names(rng: np.random.Generator, count: int) -> list[str]:
    pairs = rng.permutation(len(words.TOWN_FIRST) * len(words.TOWN_SECOND))[:count]
    kinds = rng.choice(len(words.TOWN_KINDS), count, p=[0.5, 0.3, 0.2])
    return [
        words.TOWN_FIRST[p // len(words.TOWN_SECOND)]
        + words.TOWN_SECOND[p % len(words.TOWN_SECOND)]
        + words.TOWN_KINDS[k]
        for p, k in zip(pairs, kinds, strict=True)
    ]


def _credit_code(rng: np.random.Generator, category: int, region: int) -> str:
    """A unified social credit code with the check characters of GB 11714 and GB 32100."""
    kind = {_ENTERPRISE: "91", _INSTITUTE: "12", _UNIVERSITY: "12"}.get(category, "11")
    organ = "".join(_GB32100[k] for k in rng.integers(0, 31, 8))
    organ_sum = sum(int(c, 36) * w for c, w in zip(organ, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    organ += "0123456789X0"[(11 - organ_sum % 11) % 11]
    body = f"{kind}{region}{organ}"
    total = sum(_GB32100.index(c) * w for c, w in zip(body, _GB32100_WEIGHTS, strict=True))
    return body + _GB32100[(31 - total % 31) % 31]
