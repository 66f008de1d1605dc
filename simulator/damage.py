"""Typing errors in the names and identity numbers of registrations: what rule 6 of identity exists for.

Off by default (`SimulationPlan.damaged_identity_share`). Only the learning systems are damaged; the books of
the cadre-management system stay as they are. The truth beside the drop still knows who everybody is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from simulator import vocabulary as words
from simulator.plan import SimulationPlan
from simulator.registrations import PLACEHOLDER_ID, Registrations

_SHORTEST_NAME_TO_CUT = 3


def damage_registrations(plan: SimulationPlan, subject: str, people: Registrations) -> Registrations:
    """The registrations with the plan's share of names and, independently, of numbers mistyped."""
    if not plan.damaged_identity_share:
        return people
    names, numbers = damage_identities(plan, subject, people.name.to_pylist(), people.id_number.to_pylist())
    return replace(people, name=pa.array(names, pa.string()), id_number=pa.array(numbers, pa.string()))


def damage_identities(
    plan: SimulationPlan, subject: str, names: list[str], numbers: list[str | None]
) -> tuple[list[str], list[str | None]]:
    """Names and numbers with the plan's share of each mistyped; a missing number stays missing."""
    rng = plan.rng(f"damaged identities {subject}")
    share = plan.damaged_identity_share
    wrong_name, wrong_number = rng.random((2, len(names))) < share
    is_typed = [number is not None and number != PLACEHOLDER_ID for number in numbers]
    return (
        [_mistype_name(rng, name) if wrong_name[k] else name for k, name in enumerate(names)],
        [
            _mistype_number(rng, number) if number and wrong_number[k] and is_typed[k] else number
            for k, number in enumerate(numbers)
        ],
    )


def _mistype_name(rng: np.random.Generator, name: str) -> str:
    """Half: another character for one; else one lost or two swapped (short names: a space within)."""
    dice = rng.random()
    place = int(rng.integers(0, len(name)))
    if dice < 0.5:
        others = [character for character in words.GIVEN_CHARACTERS if character != name[place]]
        return name[:place] + others[int(rng.integers(0, len(others)))] + name[place + 1 :]
    if len(name) < _SHORTEST_NAME_TO_CUT or dice < 0.65:
        return name[:1] + " " + name[1:]
    if dice < 0.85:
        return name[:place] + name[place + 1 :]
    return name[:-2] + name[-1] + name[-2]


def _mistype_number(rng: np.random.Generator, number: str) -> str:
    """Half: another digit for one; a quarter: two neighbours swapped; the rest: one lost or typed twice."""
    dice = rng.random()
    digits = [k for k, character in enumerate(number) if character.isdigit()]
    place = digits[int(rng.integers(0, len(digits)))]
    if dice < 0.5:
        other = str((int(number[place]) + int(rng.integers(1, 10))) % 10)
        return number[:place] + other + number[place + 1 :]
    if dice < 0.75:
        neighbours = [k for k in digits if k + 1 in digits and number[k] != number[k + 1]]
        if neighbours:
            k = neighbours[int(rng.integers(0, len(neighbours)))]
            return number[:k] + number[k + 1] + number[k] + number[k + 2 :]
    if dice < 0.9:
        return number[:place] + number[place + 1 :]
    return number[: place + 1] + number[place:]
