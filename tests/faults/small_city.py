"""The small city before its last night, and what an untroubled last night gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.compare_warehouses import read_tables
from tests.faults.invariants import check_invariants
from tests.faults.nights import FIRST, LAST, Deployment, simulate_small_city

Tables = dict[str, tuple]


@dataclass(frozen=True)
class SmallCity:
    """A deployment after its first night, the exports of the last one waiting; and both nights' tables."""

    before: Deployment
    untroubled: Deployment
    first: Tables
    last: Tables

    def deployment(self, folder: Path) -> Deployment:
        """A data folder of one's own in that state; the drop is shared, nobody writes into it."""
        return self.before.fork(folder)

    def both_nights(self, folder: Path) -> Deployment:
        """A copy of the untroubled deployment, with both nights' versions; the last one is published."""
        return self.untroubled.fork(folder)


def run_small_city(folder: Path) -> SmallCity:
    """Both nights, as processes of their own, the first by the program as it is installed."""
    before = Deployment(simulate_small_city(folder / "drop"), folder / "data")
    assert before.run_from_nothing(FIRST).exit_code in (0, 3)  # an app of which nothing is stored yet
    first = read_tables(before.published)
    untroubled = before.fork(folder / "untroubled")
    assert untroubled.run(LAST).exit_code == 0
    check_invariants(untroubled.settings)
    last = read_tables(untroubled.published)
    assert first["marts.fct_training"] != last["marts.fct_training"]
    return SmallCity(before, untroubled, first, last)
