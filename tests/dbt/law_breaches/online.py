"""What breaks the laws in dbt_project/tests/online."""

from __future__ import annotations

A_SESSION = "(select min(session_id) from marts.fct_study_session where cadre_key is not null)"
A_FLAG = "rowid = (select min(rowid) from marts.mart_online_flag where records > 1)"

BREACHES = {
    "online/days_make_the_session.sql": [
        f"delete from intermediate.int_study_session_day where session_id = {A_SESSION}",
        "update intermediate.int_study_session_day set study_seconds = study_seconds + 1 "
        f"where session_id = {A_SESSION}",
    ],
    "online/every_finding_is_flagged.sql": [
        f"delete from marts.mart_online_flag where rowid = "
        f"(select min(rowid) from marts.mart_online_flag where kind = '{kind}')"
        for kind in ("parallel", "marathon", "too_fast", "during_class")
    ]
    + [f"update marts.mart_online_flag set findings = findings + 1 where {A_FLAG}"],
    "online/every_session_is_in_the_fact.sql": [
        f"delete from marts.fct_study_session where session_id = {A_SESSION}",
        "insert into marts.fct_study_session "
        "select * replace ('x' as session_id) from marts.fct_study_session limit 1",
        "insert into marts.fct_study_session select * replace (("
        "select min(key) from ops.ops_orphan where source = 'academy' and entity = 'sessions'"
        ") as session_id) from marts.fct_study_session limit 1",
    ],
    "online/flags_stand_on_records.sql": [
        f"update marts.mart_online_flag set cadre_key = 'nobody' where {A_FLAG}",
        f"update marts.mart_online_flag set record_ids = record_ids || ' x' where {A_FLAG}",
        f"update marts.mart_online_flag set records = records - 1 where {A_FLAG}",
        "delete from marts.fct_training where source_record_id = "
        "(select min(record_id) from intermediate.int_study_flag_record where kind = 'too_fast')",
    ],
    "online/parallel_flags_are_all_pairs_at_once.sql": [
        "delete from marts.mart_online_flag where rowid = "
        "(select min(rowid) from marts.mart_online_flag where kind = 'parallel')",
        "update marts.mart_online_flag set kind = 'parallel' where rowid = "
        "(select min(rowid) from marts.mart_online_flag where kind = 'too_fast')",
    ],
    "online/sessions_take_time_forward.sql": [
        f"update marts.fct_study_session set seconds = -1 where session_id = {A_SESSION}",
        "update marts.fct_study_session set ended_at = started_at - interval 1 second "
        f"where session_id = {A_SESSION}",
        f"update marts.fct_study_session set on_date = on_date + 1 where session_id = {A_SESSION}",
    ],
    "online/online_boards_equal_the_ledger.sql": [
        "update marts.mart_online_board set hours_per_head = hours_per_head + 0.1 "
        "where member_kind = 'total'",
        "delete from marts.mart_online_outcome where credit_status = 'duplicate'",
        "delete from marts.mart_online_flag_board where kind = 'too_fast'",
        "update marts.mart_online_flag_year set cadres = cadres + 1 where kind = 'too_fast'",
        "delete from marts.mart_online_flag_year where kind = 'too_fast'",
    ],
}
