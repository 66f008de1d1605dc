"""Damages to the tables of expectations/suites/marts/call_up.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double

DAMAGES = {
    "mart_call_up_issue.findings_are_unique": double("mart_call_up_issue"),
    "mart_call_up_issue.kinds_are_known": "update mart_call_up_issue set kind = 'other' where rowid = 3",
    "mart_call_up_issue.cadres_are_known": """update mart_call_up_issue
        set cadre_key = 'nowhere' where rowid = 3""",
    "mart_call_up_candidate.cadres_are_unique": double("mart_call_up_candidate"),
    "mart_call_up_candidate.places_are_unique": double("mart_call_up_candidate"),
    "mart_call_up_candidate.cadres_are_due": """update mart_call_up_candidate
        set cadre_key = 'nowhere' where rowid = 3""",
    "mart_call_up_candidate.lights_are_known": """update mart_call_up_candidate
        set light = 'other' where rowid = 3""",
    "mart_call_up_candidate.missing_hours_are_not_negative": """update mart_call_up_candidate
        set missing_hours = -1 where rowid = 3""",
    "mart_call_up_candidate.reasons_are_given": """update mart_call_up_candidate
        set reasons = null where rowid = 3""",
    "mart_call_up_candidate.classes_are_still_to_come": """update mart_call_up_candidate
        set suggested_start_date = as_of where rowid = 3""",
    "mart_alert.warnings_are_unique": double("mart_alert"),
    "mart_alert.kinds_are_known": "update mart_alert set kind = 'other' where rowid = 3",
    "mart_alert.cadres_are_due": "update mart_alert set cadre_key = 'nowhere' where rowid = 3",
    "mart_alert.details_are_given": "update mart_alert set detail = null where rowid = 3",
}
