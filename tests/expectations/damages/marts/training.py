"""Damages to the tables of expectations/suites/marts/training.yml."""

# ruff: noqa: E501 - one damage, one line
from __future__ import annotations

from tests.expectations.damages.statements import double, empty, orphan

DAMAGES = {
    "dim_training_class.classes_are_unique": double("dim_training_class"),
    "dim_training_class.class_days_are_calendar_days": "update dim_training_class set class_days = 9",
    "fct_enrollment.enrollments_are_unique": double("fct_enrollment"),
    "fct_enrollment.credited_hours_are_sane": "update fct_enrollment set credited_hours = -1",
    "fct_enrollment.only_passed_ones_are_credited": "update fct_enrollment set credited_hours = 40",
    "fct_enrollment.classes_are_known": orphan("fct_enrollment", "class_id"),
    "fct_training.rows_are_there": empty("fct_training"),
    "fct_training.ledger_id_is_given": "update fct_training set ledger_id = null where source_row = 5",
    "fct_training.ledger_id_is_unique": double("fct_training"),
    "fct_training.statuses_are_known": "update fct_training set credit_status = 'maybe' where source_row = 5",
    "fct_training.status_is_given": "update fct_training set credit_status = null where source_row = 5",
    "fct_training.modes_are_known": "update fct_training set mode = 'telepathy' where source_row = 5",
    "fct_training.hours_are_given": "update fct_training set credited_hours = null where source_row = 5",
    "fct_training.hours_are_sane": "update fct_training set credited_hours = -0.1 where source_row = 5",
    "fct_training.only_credited_rows_have_hours": """update fct_training set credited_hours = 1,
        credit_status = 'not_passed' where source_row = 5""",
    "fct_training.duplicates_give_nothing": "update fct_training set credited_hours = 1 where source_row = 1",
    "fct_training.credited_rows_have_a_cadre": "update fct_training set cadre_key = null where source_row = 5",
    "fct_training.unresolved_rows_have_no_cadre": "update fct_training set cadre_key = 'x' where source_row = 0",
    "fct_training.cadres_are_known": orphan("fct_training", "cadre_key"),
    "fct_training.topics_are_known": orphan("fct_training", "topic_code"),
    "fct_training.most_rows_found_a_cadre": "update fct_training set credit_status = 'unresolved_person'",
    "fct_training.nearly_all_rows_found_a_cadre": """update fct_training
        set credit_status = 'unresolved_person' where source_row % 5 = 0""",
    "fct_training.few_rows_are_unclassified": "update fct_training set topic_code = 'U00'",
    "fct_training.hours_do_not_exceed_raw_ones": "update fct_training set raw_hours = 1",
    "fct_training.source_files_are_told": "update fct_training set source_file = null",
    "fct_training.source_rows_are_told": "update fct_training set source_row = null",
}
