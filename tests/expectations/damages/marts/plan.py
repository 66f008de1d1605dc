"""Damages to the tables of expectations/suites/marts/plan.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double

DAMAGES = {
    "mart_plan_indicator.rows_are_unique": double("mart_plan_indicator"),
    "mart_plan_indicator.units_are_known": """update mart_plan_indicator
        set unit_code = 'nowhere' where rowid = 3""",
    "mart_plan_indicator.statuses_are_known": """update mart_plan_indicator
        set status = 'other' where rowid = 3""",
    "mart_plan_indicator.shares_are_shares": """update mart_plan_indicator
        set value = 1.5, numerator = 15, denominator = 10 where rowid = 3""",
    "mart_plan_indicator.values_are_numerator_by_denominator": """update mart_plan_indicator
        set numerator = numerator + 1 where rowid = 3""",
    "mart_plan_indicator.no_value_means_no_data": """update mart_plan_indicator
        set value = null where rowid = 3""",
    "mart_plan_indicator.citations_are_given": """update mart_plan_indicator
        set citation = null where rowid = 3""",
}
