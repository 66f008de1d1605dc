"""Damages to the tables of expectations/suites/marts/calendar.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double

DAMAGES = {
    "dim_date.days_are_unique": double("dim_date"),
    "dim_date.half_years_are_labelled": "update dim_date set half_year = '2026-1' where rowid = 3",
    "dim_date.the_plan_has_its_days": "update dim_date set is_plan_period = false",
}
