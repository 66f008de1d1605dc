"""Damages to the tables of expectations/suites/marts/cadre.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double, empty, orphan

DAMAGES = {
    "dim_cadre.cadre_key_is_given": "update dim_cadre set cadre_key = null where not is_due",
    "dim_cadre.cadre_key_is_unique": double("dim_cadre"),
    "dim_cadre.due_cadres_are_covered": "delete from mart_cadre_coverage where cadre_key = md5('1')",
    "dim_cadre.due_means_on_duty": "update dim_cadre set duty_status = '2' where cadre_key = md5('1')",
    "dim_cadre.rank_groups_are_known": "update dim_cadre set rank_group = 'other' where cadre_key = md5('1')",
    "dim_cadre.units_are_known": orphan("dim_cadre", "unit_code"),
    "dim_cadre_history.spans_are_unique": double("dim_cadre_history"),
    "dim_cadre_history.spans_are_not_empty": "update dim_cadre_history set valid_to = valid_from",
    "mart_cadre_coverage.cadres_are_there": empty("mart_cadre_coverage"),
    "mart_cadre_coverage.cadre_key_is_given": """update mart_cadre_coverage set cadre_key = null
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.cadre_key_is_unique": double("mart_cadre_coverage"),
    "mart_cadre_coverage.all_are_cadres": orphan("mart_cadre_coverage", "cadre_key"),
    "mart_cadre_coverage.lights_are_known": "update mart_cadre_coverage set light = 'blue'",
    "mart_cadre_coverage.light_is_given": "update mart_cadre_coverage set light = null",
    "mart_cadre_coverage.green_means_target_met": """update mart_cadre_coverage set meets_five_year = false
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.yellow_means_target_open": """update mart_cadre_coverage set light = 'yellow'
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.rank_groups_are_known": "update mart_cadre_coverage set rank_group = 'other'",
    "mart_cadre_coverage.hours_by_mode_add_up": """update mart_cadre_coverage set mobile_hours = 10.1
        where cadre_key = md5('1')""",
    "mart_cadre_coverage.hours_are_given": "update mart_cadre_coverage set credited_hours = null",
    "mart_cadre_coverage.hours_are_not_negative": "update mart_cadre_coverage set credited_hours = -1",
    "mart_cadre_coverage.hours_are_plausible": "update mart_cadre_coverage set credited_hours = 9000",
    "mart_cadre_coverage.statutory_hours_are_off_job": "update mart_cadre_coverage set statutory_hours = 61",
    "mart_cadre_coverage.statutory_days_fit_the_window": "update mart_cadre_coverage set statutory_days = -1",
    "mart_cadre_coverage.progress_is_not_negative": "update mart_cadre_coverage set progress = -0.1",
    "mart_cadre_coverage.last_training_is_past": """update mart_cadre_coverage
        set last_trained_on = date '2026-07-01'""",
    "mart_cadre_coverage.units_are_known": orphan("mart_cadre_coverage", "unit_code"),
    "mart_cadre_coverage.not_all_are_red": "update mart_cadre_coverage set light = 'red'",
    "mart_cadre_knowledge.rows_are_unique": double("mart_cadre_knowledge"),
    "mart_cadre_knowledge.cadres_are_due": """update mart_cadre_knowledge
        set cadre_key = 'nowhere' where rowid = 3""",
    "mart_cadre_knowledge.topics_are_known": """update mart_cadre_knowledge
        set topic_code = 'nowhere' where rowid = 3""",
    "mart_cadre_knowledge.reserve_is_a_percentage": """update mart_cadre_knowledge
        set reserve = 101 where rowid = 3""",
    "mart_cadre_knowledge.hours_are_positive": """update mart_cadre_knowledge
        set credited_hours = 0 where rowid = 3""",
}
