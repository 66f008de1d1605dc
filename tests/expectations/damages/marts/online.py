"""Damages to the tables of expectations/suites/marts/online.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double, orphan

DAMAGES = {
    "fct_study_session.session_id_is_unique": double("fct_study_session"),
    "fct_study_session.seconds_are_not_negative": "update fct_study_session set seconds = -1 where rowid = 3",
    "fct_study_session.sessions_end_after_they_begin": """update fct_study_session
        set ended_at = started_at - interval 1 second where rowid = 3""",
    "fct_study_session.sessions_are_of_a_day": """update fct_study_session
        set ended_at = started_at + interval 2 day where rowid < 10""",
    "mart_online_flag.flags_are_unique": double("mart_online_flag"),
    "mart_online_flag.kinds_are_known": "update mart_online_flag set kind = 'lazy' where rowid = 3",
    "mart_online_flag.cadres_are_known": orphan("mart_online_flag", "cadre_key") + " where rowid = 3",
    "mart_online_flag.units_are_known": orphan("mart_online_flag", "unit_code"),
    "mart_online_flag.flags_rest_on_records": "update mart_online_flag set records = 0 where rowid = 3",
    "mart_online_flag.evidence_is_given": "update mart_online_flag set evidence = null where rowid = 3",
    "mart_online_flag.flags_are_of_the_past": """update mart_online_flag
        set on_date = as_of + 1 where rowid = 3""",
    "mart_online_flag.not_everything_is_too_fast": "update mart_online_flag set kind = 'too_fast'",
}
