from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from simulator import SimulationPlan, simulate
from tests.simulator.conftest import Simulated, hashes, make, small_plan


def test_the_same_seed_never_gives_other_bytes_in_another_process(
    dirty_city: Simulated, tmp_path: Path
) -> None:
    plan = dirty_city.plan
    code = (
        "import sys, datetime, pathlib; from simulator import SimulationPlan, simulate;"
        f"simulate(SimulationPlan({plan.cadres}, datetime.date.fromisoformat('{plan.start}'),"
        f"datetime.date.fromisoformat('{plan.end}'), {plan.seed}, {plan.nights}), pathlib.Path(sys.argv[1]))"
    )
    # Another hash seed: a set's or a string's order must not reach a file.
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "drop")], check=True, env=environment)
    assert hashes(tmp_path / "drop") == hashes(dirty_city.drop)
    assert hashes(tmp_path / "drop.truth") == hashes(dirty_city.truth)


def test_another_seed_does_not_repeat_the_same_city(dirty_city: Simulated, tmp_path: Path) -> None:
    other = make(tmp_path, small_plan(seed=8))
    ours, theirs = hashes(dirty_city.drop), hashes(other.drop)
    same = {name for name in ours if theirs.get(name) == ours[name]}
    # Made of planted rows only, or cut before the first cell.
    assert all("-0801" in name or "2020年" in name for name in same), same


def test_a_drop_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("precious")
    with pytest.raises(FileExistsError):
        simulate(small_plan(), tmp_path)
    assert (tmp_path / "something").read_text() == "precious"


@pytest.mark.parametrize(
    "plan",
    [
        {"cadres": 10, "start": date(2021, 1, 1), "end": date(2022, 1, 1)},
        {"cadres": 200, "start": date(2021, 1, 1), "end": date(2021, 1, 10)},
        {"cadres": 200, "start": date(2021, 1, 1), "end": date(2022, 1, 1), "nights": 0},
    ],
)
def test_a_city_that_cannot_be_is_refused(plan: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="city"):
        SimulationPlan(**plan)  # type: ignore[arg-type]


def test_a_short_history_with_one_night_does_not_break_the_simulator(tmp_path: Path) -> None:
    report = simulate(SimulationPlan(60, date(2025, 9, 1), date(2026, 3, 15), nights=1), tmp_path / "drop")
    assert report.rows["academy.records"] > 0
    assert report.rows["academic.enrollment"] > 0


def test_progress_is_told_from_start_to_end(tmp_path: Path) -> None:
    told: list[float] = []
    simulate(small_plan(nights=1), tmp_path / "drop", lambda step, share: told.append(share))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_counts_do_not_grow_faster_or_slower_than_the_city(dirty_city: Simulated, tmp_path: Path) -> None:
    large = make(tmp_path, small_plan(cadres=1000))
    for entity, low, high in (
        ("cadre.person", 4.8, 5.2),
        ("academic.enrollment", 3.5, 6.5),
        ("academy.records", 3.9, 6.1),
        ("academy.sessions", 3.9, 6.1),
        ("mobile.statements", 3.9, 6.1),
    ):
        growth = large.report.rows[entity] / dirty_city.report.rows[entity]
        assert low < growth < high, f"{entity} grew {growth:.2f} times for 5 times the cadres"
