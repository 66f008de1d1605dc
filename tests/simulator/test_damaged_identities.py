from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from simulator import SimulationPlan
from simulator.damage import damage_identities
from tests.simulator.conftest import END, START, Simulated, hashes, make

PEOPLE = 4000


def plan_with(share: float) -> SimulationPlan:
    return SimulationPlan(cadres=200, start=START, end=END, damaged_identity_share=share)


def test_the_share_that_is_asked_for_is_damaged_and_no_other() -> None:
    names, numbers = ["欧阳建国"] * PEOPLE, ["519901198507160316"] * PEOPLE
    damaged_names, damaged_numbers = damage_identities(plan_with(0.05), "students", names, numbers)
    for before, after in ((names, damaged_names), (numbers, damaged_numbers)):
        wrong = sum(a != b for a, b in zip(before, after, strict=True))
        assert 0.04 < wrong / PEOPLE < 0.06
        assert all(abs(len(a or "") - len(b or "")) <= 1 for a, b in zip(before, after, strict=True))
    both = sum(
        name != names[0] and number != numbers[0]
        for name, number in zip(damaged_names, damaged_numbers, strict=True)
    )
    assert 0 < both < 0.01 * PEOPLE, "names and numbers are damaged independently"


def test_what_nobody_typed_is_never_mistyped() -> None:
    placeholders: list[str | None] = [None, "000000000000000000"] * 500
    _, numbers = damage_identities(plan_with(1.0), "students", ["王芳"] * 1000, placeholders)
    assert numbers == placeholders


def test_damage_reaches_every_learning_system_but_neither_the_books_nor_the_truth(
    dirty_city: Simulated, tmp_path: Path
) -> None:
    plan = dirty_city.plan
    damaged = make(
        tmp_path, SimulationPlan(plan.cadres, plan.start, plan.end, plan.seed, plan.nights, True, 0.2)
    )
    before, after = hashes(dirty_city.drop), hashes(damaged.drop)
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    for part in ("academic/JWGL_", "academic/backfill/", "academy/"):
        assert any(name.startswith(part) for name in changed), part
    assert not any(name.startswith(("cadre/", "mobile/")) for name in changed)
    assert pq.read_table(damaged.truth / "identity.parquet").equals(
        pq.read_table(dirty_city.truth / "identity.parquet")
    )


def test_a_share_beyond_all_registrations_is_refused() -> None:
    with pytest.raises(ValueError, match="damaged identities"):
        plan_with(1.5)
