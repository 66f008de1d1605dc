from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from simulator import SimulationPlan, SimulationReport, simulate
from tests.worlds import make_world

START, END = date(2021, 1, 1), date(2026, 6, 30)
NIGHTS = 3


def small_plan(
    cadres: int = 200, seed: int = 7, *, dirty: bool = True, nights: int = NIGHTS
) -> SimulationPlan:
    return SimulationPlan(cadres=cadres, start=START, end=END, seed=seed, nights=nights, dirty=dirty)


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file, by its path below the folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Simulated:
    """A drop, its truth beside it, and what the simulator reported."""

    drop: Path
    truth: Path
    report: SimulationReport
    plan: SimulationPlan


def make(folder: Path, plan: SimulationPlan) -> Simulated:
    report = simulate(plan, folder / "drop")
    return Simulated(folder / "drop", folder / "drop.truth", report, plan)


@pytest.fixture(scope="session")
def dirty_city() -> Simulated:
    """200 cadres, three nights, every fault planted."""
    return make_world("dirty-city", partial(make, plan=small_plan()))


@pytest.fixture(scope="session")
def clean_city() -> Simulated:
    """The same city without any fault."""
    return make_world("clean-city", partial(make, plan=small_plan(dirty=False)))
