"""Drops of made-up cities that many tests read: each is written once and never changed later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from simulator import SimulationPlan, simulate

CITY_SMALL_DATE = date(2026, 6, 30)


def write_simulated_city(folder: Path) -> Path:
    """200 cadres with two nights, 2026-06-29 and 2026-06-30."""
    plan = SimulationPlan(cadres=200, start=date(2021, 1, 1), end=CITY_SMALL_DATE, seed=11, nights=2)
    simulate(plan, folder / "drop")
    return folder / "drop"
