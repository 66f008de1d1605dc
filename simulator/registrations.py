"""How people register with a training system: the same person, written differently each time.

Identity numbers come full, masked, old (15 digits), padded, full-width, mistyped or not at all; staff
numbers and units are there for some. The links that the warehouse must find are kept as truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator import vocabulary as words
from simulator.people import Cadres
from simulator.plan import Ints
from simulator.text_columns import (
    blank_where,
    concat,
    day_text,
    full_width,
    identity_numbers,
    take_text,
)
from simulator.units import Units

PLACEHOLDER_ID = "000000000000000000"
_FIRST_DAY_OF_2000 = 10_957


@dataclass
class Guests:
    """People whom the cadre-management system does not know."""

    name: pa.Array
    id_number: pa.Array
    birth: Ints
    sex: Ints


@dataclass
class Registrations:
    """One entry per registration, as written. cadre: position of the person, -1 for a guest."""

    cadre: Ints
    name: pa.Array
    sex: pa.Array
    id_number: pa.Array
    birth: pa.Array
    staff_no: pa.Array
    unit_code: pa.Array
    unit_name: pa.Array

    def __len__(self) -> int:
        return len(self.cadre)


def build_guests(rng: np.random.Generator, count: int, end_day: int) -> Guests:
    """Invented outsiders with valid numbers of a region that no cadre has."""
    birth = end_day - rng.integers(25 * 365, 58 * 365, count)
    sex = rng.integers(1, 3, count)
    surname = pa.array(list(words.SURNAMES)).take(pa.array(rng.integers(0, len(words.SURNAMES), count)))
    given = pa.array(list(words.GIVEN_CHARACTERS))
    parts = (given.take(pa.array(rng.integers(0, len(given), count))) for _ in range(2))
    number = identity_numbers(np.full(count, 519958), birth, 2 * rng.integers(0, 499, count) + (sex == 1))
    return Guests(concat(surname, *parts), number, birth, sex)


def register(
    rng: np.random.Generator,
    cadres: Cadres,
    units: Units,
    guests: Guests,
    cadre: Ints,
    guest: Ints,
    *,
    masked_share: float,
    staff_share: float,
) -> Registrations:
    """Registrations of the given people (cadre -1: the guest at that position)."""
    n = len(cadre)
    is_guest = cadre < 0
    person, visitor = np.maximum(cadre, 0), np.maximum(guest, 0)

    def known(own: pa.Array, theirs: pa.Array) -> pa.Array:
        return pc.if_else(pa.array(is_guest), theirs.take(pa.array(visitor)), own.take(pa.array(person)))

    birth_day = np.where(is_guest, guests.birth[visitor], cadres.birth[person])
    sex = np.where(is_guest, guests.sex[visitor], cadres.sex[person]).astype(str)
    own_code = rng.random(n)
    wrong = cadres.code.take(pa.array(rng.integers(0, len(cadres), n)))
    staff = pc.if_else(pa.array(own_code < 0.012), wrong, cadres.code.take(pa.array(person)))
    unit_code, unit_name = _unit_texts(rng, units, cadres.unit[person], is_guest)
    return Registrations(
        cadre=cadre,
        name=known(cadres.name, guests.name),
        sex=blank_where(pa.array(sex.tolist()), rng.random(n) < 0.13),
        id_number=_written_ids(rng, known(cadres.id_number, guests.id_number), birth_day, masked_share),
        birth=day_text(birth_day, rng.random(n) < 0.42),
        staff_no=blank_where(staff, is_guest | (rng.random(n) > staff_share)),
        unit_code=unit_code,
        unit_name=unit_name,
    )


def written_backfill_ids(rng: np.random.Generator, number: pa.Array, birth_day: Ints) -> pa.Array:
    """Identity numbers as the workbooks of former years have them."""
    return _written_ids(rng, number, birth_day, masked_share=0.0)


def _written_ids(
    rng: np.random.Generator, number: pa.Array, birth_day: Ints, masked_share: float
) -> pa.Array:
    """Each way of writing has its band of one throw of the dice; what is left is written as it is."""
    dice = rng.random(len(number))
    masked = concat(
        pc.utf8_slice_codeunits(number, 0, 6), "********", pc.utf8_slice_codeunits(number, 14, 18)
    )
    old = concat(pc.utf8_slice_codeunits(number, 0, 6), pc.utf8_slice_codeunits(number, 8, 17))
    mistyped = concat(
        pc.utf8_slice_codeunits(number, 0, 15),
        pc.choose(pa.array(rng.integers(0, 2, len(number))), "0", "1"),
        pc.utf8_slice_codeunits(number, 16, 18),
    )
    ways = (
        (0.070, pa.nulls(len(number), pa.string())),
        (0.002, pa.array([PLACEHOLDER_ID] * len(number))),
        (0.006, pc.if_else(pa.array(birth_day < _FIRST_DAY_OF_2000), old, number)),
        (0.006, concat(" ", number, " ")),
        (0.006, concat(" ", number, "　")),
        (0.014, full_width(number)),
        (0.006, mistyped),
        (0.150, pc.utf8_lower(number)),
        (masked_share, masked),
    )
    out, low = number, 0.0
    for share, way in ways:
        out = pc.if_else(pa.array((dice >= low) & (dice < low + share)), way, out)
        low += share
    return out


def _unit_texts(
    rng: np.random.Generator, units: Units, unit: Ints, outside: np.ndarray
) -> tuple[pa.Array, pa.Array]:
    """Code and name of the unit: both, the name only, or nothing; now and then the merged unit."""
    n = len(unit)
    merged = units.predecessor[unit]
    unit = np.where((merged >= 0) & (rng.random(n) < 0.12), merged, unit)
    dice = rng.random(n)
    private = outside & (rng.random(n) < 0.6)
    code = blank_where(take_text(pa.array(units.code), unit), (dice < 0.12) | private)
    name = take_text(pa.array(units.name), unit)
    name = pc.if_else(pa.array(dice < 0.02), take_text(pa.array(units.short), unit), name)
    name = blank_where(name, (dice > 0.07) & (dice < 0.12))
    return code, pc.if_else(pa.array(private), "个体", name)
