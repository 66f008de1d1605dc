"""Damages to the tables of expectations/suites/marts/unit.yml."""

# ruff: noqa: E501 - one damage, one line
from __future__ import annotations

from tests.expectations.damages.statements import double, empty, orphan


def _not_a_share(column: str) -> str:
    return f"update mart_unit_coverage set {column} = 1.5"


DAMAGES = {
    "dim_unit.units_are_there": empty("dim_unit"),
    "dim_unit.unit_code_is_given": "update dim_unit set unit_code = null where unit_code = '001.002'",
    "dim_unit.unit_code_is_unique": double("dim_unit"),
    "dim_unit.parents_are_known": orphan("dim_unit", "parent_code"),
    "dim_unit_closure.pairs_are_unique": double("dim_unit_closure"),
    "dim_unit_closure.ancestors_are_known": orphan("dim_unit_closure", "ancestor_code"),
    "mart_unit_coverage.rows_are_there": empty("mart_unit_coverage"),
    "mart_unit_coverage.rows_are_unique": double("mart_unit_coverage"),
    "mart_unit_coverage.units_are_known": orphan("mart_unit_coverage", "unit_code"),
    "mart_unit_coverage.scopes_are_known": "update mart_unit_coverage set scope = 'universe'",
    "mart_unit_coverage.lights_add_up": "update mart_unit_coverage set red = 1",
    "mart_unit_coverage.lights_are_given": "update mart_unit_coverage set red = null",
    "mart_unit_coverage.participants_are_due": "update mart_unit_coverage set participated = due + 1",
    "mart_unit_coverage.participation_rate_is_a_share": _not_a_share("participation_rate"),
    "mart_unit_coverage.nominal_coverage_is_a_share": _not_a_share("nominal_coverage"),
    "mart_unit_coverage.effective_coverage_is_a_share": _not_a_share("effective_coverage"),
    "mart_unit_coverage.pass_rate_is_a_share": _not_a_share("pass_rate"),
    "mart_unit_coverage.annual_attainment_is_a_share": _not_a_share("annual_attainment"),
    "mart_unit_coverage.online_attainment_is_a_share": _not_a_share("online_attainment"),
    "mart_unit_coverage.nominal_coverage_is_not_red": "update mart_unit_coverage set nominal_coverage = 0.9",
    "mart_unit_coverage.effective_coverage_is_green": "update mart_unit_coverage set effective_coverage = 0.9",
    "mart_unit_coverage.nobody_due_means_no_rate": "update mart_unit_coverage set participation_rate = 0",
    "mart_unit_coverage.hours_per_head_are_sane": "update mart_unit_coverage set hours_per_head = -1",
    "mart_unit_layout.rows_are_unique": double("mart_unit_layout"),
    "mart_unit_layout.attributions_are_known": "update mart_unit_layout set attribution = 'soon'",
    "mart_unit_layout.hours_are_not_negative": "update mart_unit_layout set credited_hours = -1",
    "mart_unit_layout.every_cadre_came_once_at_least": "update mart_unit_layout set person_times = 3",
    "mart_unit_weak_spot.rows_are_unique": double("mart_unit_weak_spot"),
    "mart_unit_weak_spot.severities_are_known": "update mart_unit_weak_spot set severity = 'awful'",
    "mart_unit_weak_spot.reach_is_a_share": "update mart_unit_weak_spot set reach = -0.4",
    "mart_unit_weak_spot.reached_are_due": "update mart_unit_weak_spot set reached = 11",
    "mart_unit_weak_spot.gap_is_benchmark_less_reach": "update mart_unit_weak_spot set gap = 0.2",
    "mart_unit_ranking.units_are_unique": double("mart_unit_ranking"),
    "mart_unit_ranking.places_are_unique": double("mart_unit_ranking"),
    "mart_unit_ranking.lists_are_known": "update mart_unit_ranking set list = 'other' where rowid = 3",
    "mart_unit_ranking.scores_are_of_a_hundred": "update mart_unit_ranking set score = 101 where rowid = 3",
    "mart_unit_ranking.ranked_units_have_due_cadres": "update mart_unit_ranking set due = 0 where rowid = 3",
}
