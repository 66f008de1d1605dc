"""Post histories and yearly appraisals, and what changes in the books from night to night."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.people import (
    CLERK,
    DEPUTY_COUNTY,
    DEPUTY_SECTION,
    FOR_EVER,
    ON_DUTY,
    PROFESSIONAL,
    RETIRED,
    SECTION,
    STAFF,
    Cadres,
)
from simulator.plan import Bools, Ints, SimulationPlan
from simulator.units import MERGED_ON, Units


@dataclass
class Posts:
    """One entry per post. removed: FOR_EVER while it is held; is_main: A0279."""

    cadre: Ints
    unit: Ints
    rank: Ints
    appointed: Ints
    removed: Ints
    is_main: Bools
    date_style: Ints

    def __len__(self) -> int:
        return len(self.cadre)

    def append(self, cadre: Ints, unit: Ints, rank: Ints, appointed: Ints, is_main: bool) -> None:
        """Add posts that are still held."""
        n = len(cadre)
        self.cadre = np.concatenate([self.cadre, cadre])
        self.unit = np.concatenate([self.unit, unit])
        self.rank = np.concatenate([self.rank, rank])
        self.appointed = np.concatenate([self.appointed, appointed])
        self.removed = np.concatenate([self.removed, np.full(n, FOR_EVER)])
        self.is_main = np.concatenate([self.is_main, np.full(n, is_main)])
        self.date_style = np.concatenate([self.date_style, np.zeros(n, np.int64)])

    def open_main(self) -> Ints:
        """Position of each cadre's held main post, -1 where there is none (index: cadre)."""
        held = np.flatnonzero(self.is_main & (self.removed == FOR_EVER))
        position = np.full(int(self.cadre.max()) + 1, -1, dtype=np.int64)
        position[self.cadre[held]] = held
        return position


def build_posts(plan: SimulationPlan, units: Units, cadres: Cadres) -> Posts:
    """One to five main posts each, without gaps, up to today's unit and rank; sets `cadres.rank_since`.

    Who works in a unit that took over a merged one may have sat in the merged one before.
    """
    rng, n = plan.rng("posts"), len(cadres)
    last = np.minimum(cadres.left, plan.end_day)
    held_days = np.maximum(last - cadres.started, 1)
    count = 1 + rng.binomial(4, np.clip(held_days / (24 * 365), 0.05, 0.75))
    cadre = np.repeat(np.arange(n), count)
    step = np.arange(len(cadre)) - np.repeat(np.cumsum(count) - count, count)
    is_last = step == count[cadre] - 1

    begin = cadres.started[cadre] + (held_days[cadre] * 0.97 * np.sqrt(rng.random(len(cadre)))).astype(
        np.int64
    )
    month = begin.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    begin = np.where(rng.random(len(cadre)) < 0.6, np.maximum(month, cadres.started[cadre] + 1), begin)
    begin = np.where(step == 0, cadres.started[cadre], begin)
    begin = begin[np.lexsort((begin, cadre))]
    end = np.where(is_last, cadres.left[cadre], np.append(begin[1:], 0))

    # Walking back from today's rank, a change of post is a promotion half of the time.
    promoted = (~is_last) & (rng.random(len(cadre)) < 0.55)
    after = np.cumsum(promoted[::-1])[::-1]  # promotions from here to the end of the column
    last_of_cadre = np.repeat(np.cumsum(count) - 1, count)
    steps_down = after - after[last_of_cadre]
    top = cadres.rank[cadre]
    floor = np.where(top == CLERK, CLERK, STAFF)
    rank = np.where(top == PROFESSIONAL, PROFESSIONAL, np.maximum(top - steps_down, floor))

    peers = np.argsort(units.area[cadres.unit], kind="stable")
    colleague = _neighbours(rng, peers, n)
    unit = np.where(
        is_last | (rng.random(len(cadre)) < 0.45), cadres.unit[cadre], cadres.unit[colleague[cadre]]
    )
    before = units.predecessor[unit]
    in_merged = (before >= 0) & (end <= MERGED_ON) & (rng.random(len(cadre)) < 0.6)
    unit = np.where(in_merged, before, unit)

    keeps = (begin < end) | is_last
    posts = Posts(
        cadre=cadre[keeps],
        unit=unit[keeps],
        rank=rank[keeps],
        appointed=begin[keeps],
        removed=end[keeps],
        is_main=np.ones(int(keeps.sum()), dtype=bool),
        date_style=rng.choice(3, int(keeps.sum()), p=[0.5, 0.33, 0.17]),
    )
    at_top = posts.rank == cadres.rank[posts.cadre]
    since = np.full(n, FOR_EVER)
    np.minimum.at(since, posts.cadre[at_top], posts.appointed[at_top])
    cadres.rank_since = since

    serving = np.flatnonzero(cadres.status == ON_DUTY)
    extra = rng.choice(serving, min(len(serving), plan.share(0.05)), replace=False)
    since_extra = cadres.started[extra] + (
        (plan.end_day - cadres.started[extra]) * rng.uniform(0.5, 0.98, len(extra))
    )
    posts.append(
        extra,
        cadres.unit[rng.integers(0, n, len(extra))],
        cadres.rank[extra],
        since_extra.astype(np.int64),
        False,
    )
    return posts


def build_appraisals(plan: SimulationPlan, cadres: Cadres) -> tuple[Ints, Ints, Ints]:
    """Yearly appraisals (cadre, year, grade 1 to 5) of everyone who served the whole year."""
    rng = plan.rng("appraisals")
    years = np.arange(plan.start.year - 1, plan.end.year)
    cadre, year = np.repeat(np.arange(len(cadres)), len(years)), np.tile(years, len(cadres))
    first_day = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    served = (cadres.started[cadre] <= first_day + 30) & (cadres.left[cadre] > first_day + 365)
    cadre, year = cadre[served], year[served]
    return cadre, year, rng.choice([1, 2, 3, 4, 5], len(cadre), p=[0.19, 0.782, 0.012, 0.003, 0.013])


def pass_a_night(plan: SimulationPlan, units: Units, cadres: Cadres, posts: Posts, day: int) -> Ints:
    """What the cadre-management system learns on one day: promotions, transfers, retirements, party members.

    Changes the cadres and posts in place; gives the transferred cadres (their academy account follows).
    """
    rng = plan.rng(f"night {day}")
    touched = rng.choice(len(cadres), plan.share(0.0012, 8), replace=False)
    position = posts.open_main()[touched]
    touched = touched[(position >= 0) & (cadres.status[touched] == ON_DUTY)]
    promoted, moved, retired, joined = (touched[k::4] for k in range(4))

    promoted = promoted[np.isin(cadres.rank[promoted], (STAFF, DEPUTY_SECTION, SECTION, DEPUTY_COUNTY))]
    _close(posts, promoted, day)
    cadres.rank[promoted] += 1
    cadres.rank_since[promoted] = day
    cadres.old_rank_code[promoted] = False
    posts.append(promoted, cadres.unit[promoted], cadres.rank[promoted], np.full(len(promoted), day), True)

    organs = np.flatnonzero(units.is_active & (units.area == 0) & (units.categories == 1))
    _close(posts, moved, day)
    cadres.unit[moved] = rng.choice(organs, len(moved))
    posts.append(moved, cadres.unit[moved], cadres.rank[moved], np.full(len(moved), day), True)

    _close(posts, retired, day)
    cadres.status[retired] = RETIRED
    cadres.left[retired] = day
    cadres.party[joined] = 1
    return moved


def _close(posts: Posts, cadre: Ints, day: int) -> None:
    open_post = posts.open_main()[cadre]
    posts.removed[open_post] = day
    posts.date_style[open_post] = 0


def _neighbours(rng: np.random.Generator, peers: Ints, n: int) -> Ints:
    """For each cadre someone of the same area: transfers mostly stay within a county."""
    place = np.empty(n, dtype=np.int64)
    place[peers] = np.arange(n)
    reach = max(5, n // 40)
    return peers[np.clip(place + rng.integers(-reach, reach + 1, n), 0, n - 1)]
