"""Figures against thresholds, and the light that follows from them (rules.md, light of a cadre)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ganxun.explain.published import Rule, RuleBook

# (name, column of mart_cadre_coverage, window, what counts, measure)
_TARGETS = (
    ("five_year_hours", "statutory_hours", "rolling_5y", "statutory", "hours"),
    ("five_year_days", "statutory_days", "rolling_5y", "statutory", "days"),
    ("annual_hours", "statutory_hours_year", "calendar_year", "statutory", "hours"),
    ("annual_days", "statutory_days_year", "calendar_year", "statutory", "days"),
    ("online_hours", "online_hours_year", "calendar_year", "online", "hours"),
)


@dataclass(frozen=True)
class Target:
    """A figure of a cadre against what a rule asks for. `missing` is 0 where it is met."""

    name: str
    reached: float
    minimum: float
    missing: float
    is_met: bool
    rule: Rule


@dataclass(frozen=True)
class Measures:
    """What the light of a cadre depends on: systematic hours, statutory hours and days in the window."""

    systematic_hours: float
    statutory_hours: float
    statutory_days: float


@dataclass(frozen=True)
class Thresholds:
    """What the rules ask of one rank group for its light."""

    systematic_hours: float
    five_year_hours: float
    five_year_days: float

    def judge(self, measures: Measures) -> str:
        """red, yellow or green; red is tested first, and of the five-year targets either suffices."""
        if measures.systematic_hours < self.systematic_hours:
            return "red"
        enough = measures.statutory_hours >= self.five_year_hours
        return "green" if enough or measures.statutory_days >= self.five_year_days else "yellow"


def compare_with_rules(coverage: dict[str, Any], rules: RuleBook) -> list[Target]:
    """Every target of a due cadre, the systematic minimum first; one that no rule sets is left out."""
    minimum = rules.parameter("systematic_min_hours")
    targets = [_compare("systematic_hours", coverage["systematic_hours"], minimum)]
    for name, column, window, counts, measure in _TARGETS:
        scope = "all" if counts == "online" else coverage["rank_group"]
        rule = rules.target(scope, window, counts, measure)
        if rule is not None:
            targets.append(_compare(name, coverage[column], rule))
    return targets


def thresholds_of(rank_group: str, rules: RuleBook) -> Thresholds:
    """The thresholds of a rank group in force; a target that no rule sets cannot be met."""
    hours = rules.target(rank_group, "rolling_5y", "statutory", "hours")
    days = rules.target(rank_group, "rolling_5y", "statutory", "days")
    return Thresholds(
        rules.parameter("systematic_min_hours").number,
        hours.number if hours else float("inf"),
        days.number if days else float("inf"),
    )


def decide(light: str, targets: Sequence[Target]) -> str:
    """Which test decided the light: the name of a sentence for people."""
    met = {target.name for target in targets if target.is_met}
    if light == "red":
        return "too_little_systematic"
    by_hours, by_days = "five_year_hours" in met, "five_year_days" in met
    if by_hours and by_days:
        return "hours_and_days"
    return "hours" if by_hours else "days" if by_days else "neither"


def _compare(name: str, reached: float, rule: Rule) -> Target:
    missing = max(0.0, round(rule.number - reached, 1))
    return Target(name, reached, rule.number, missing, reached >= rule.number, rule)
