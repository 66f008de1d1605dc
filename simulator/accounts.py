"""Accounts of the online academy: who has one, and how much they study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator.damage import damage_registrations
from simulator.people import RETIRED, Cadres
from simulator.plan import Bools, Floats, Ints, SimulationPlan
from simulator.registrations import Guests, Registrations, build_guests, register
from simulator.text_columns import digits
from simulator.units import Units


@dataclass
class Accounts:
    """One entry per account; position 0 is user U200001. active_from to active_to: days of study.

    pace: appetite for electives; drive: how readily one joins online classes.
    """

    people: Registrations
    guests: Guests
    registered: Ints
    disabled: Bools
    pace: Floats
    drive: Floats
    active_from: Ints
    active_to: Ints
    profile: Ints
    crams: Bools

    def __len__(self) -> int:
        return len(self.registered)


def build_accounts(plan: SimulationPlan, units: Units, cadres: Cadres) -> Accounts:
    """Nearly every cadre has an account; so have some people outside the books."""
    rng = plan.rng("accounts")
    n = len(cadres)
    visitors = plan.share(0.012, 3)
    guests = build_guests(plan.rng("academy guests"), visitors, plan.end_day)
    holders = np.flatnonzero((rng.random(n) < 0.977) & (cadres.appears == 0))
    who = rng.permutation(np.concatenate([holders, -1 - np.arange(visitors)]))
    person = np.maximum(who, 0)
    known = who >= 0
    drive = np.where(known, 0.35 + 0.65 * units.drive[cadres.unit[person]], 0.6)
    stays = rng.random(len(who)) < 0.1  # retired people who study on, at least one of them
    retired = np.flatnonzero(
        known & (cadres.status[person] == RETIRED) & (cadres.left[person] < plan.end_day - 90)
    )
    stays[retired[:1]] = True
    pace = np.where(rng.random(len(who)) < 0.04, 0.0, rng.gamma(0.42, 1 / 0.42, len(who))) * drive
    pace[retired[:1]] = 4.0
    own_drive = np.where(known, cadres.drive[person], 0.5)
    shuns = (own_drive == 0) & (rng.random(len(who)) < 0.75)  # who is never called up rarely studies alone
    pace[shuns] = 0.0
    to = np.where(known & ~stays, np.minimum(cadres.left[person], plan.end_day + 1), plan.end_day + 1)
    begin = np.where(known, np.maximum(cadres.started[person], plan.start_day), plan.start_day)
    people = register(
        rng,
        cadres,
        units,
        guests,
        np.where(known, who, -1),
        np.where(known, -1, -1 - who),
        masked_share=0.22,
        staff_share=0.52,
    )
    return Accounts(
        people=damage_registrations(plan, "academy", people),
        guests=guests,
        registered=plan.start_day - 700 + rng.integers(0, 690, len(who)),
        disabled=rng.random(len(who)) < 0.022,
        pace=pace,
        drive=own_drive,
        active_from=np.minimum(begin, plan.end_day - 20),
        active_to=np.maximum(to, np.minimum(begin, plan.end_day - 20) + 1),
        profile=np.where(known, units.profile[cadres.unit[person]], 0),
        crams=rng.random(len(who)) < 0.015,
    )


def user_ids(positions: Ints) -> pa.Array:
    """user_id of accounts."""
    return digits(200_001 + positions, 6, "U")
