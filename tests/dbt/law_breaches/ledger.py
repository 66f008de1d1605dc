"""What breaks the laws in dbt_project/tests/ledger."""

from __future__ import annotations

BREACHES = {
    "ledger/credited_hours_have_a_cadre.sql": [
        "update marts.fct_training set cadre_key = null where credit_status = 'credited'",
        "update marts.fct_training set credit_status = 'not_passed' where cadre_key is null",
    ],
    "ledger/daily_cap_is_never_exceeded.sql": [
        "update marts.fct_training set credited_hours = raw_hours where credit_status = 'over_daily_cap'",
        "update marts.fct_training set credited_hours = 0 where credit_status = 'over_daily_cap'",
    ],
    "ledger/enrollment_equals_ledger.sql": [
        "update marts.fct_enrollment set credited_hours = credited_hours + 1 where source = 'academic'",
    ],
    "ledger/every_mobile_activity_is_in_the_ledger.sql": [
        "delete from marts.fct_training where source = 'mobile' and credit_status = 'not_completed'",
    ],
    "ledger/every_source_record_is_in_the_ledger.sql": [
        f"delete from marts.fct_training where rowid = (select min(rowid) from marts.fct_training {where})"
        for where in (
            "where source = 'academic' and evidence_grade = 'system'",
            "where source = 'academic' and evidence_grade = 'backfill'",
            "where source = 'academy'",
            "where source = 'mobile' and completed_at is not null",
        )
    ]
    + [
        "insert into marts.fct_training "
        "select * replace ('x' as source_record_id) from marts.fct_training limit 1"
    ],
    "ledger/one_credit_for_a_course_and_year.sql": [
        "update marts.fct_training set credit_status = 'credited' where credit_status = 'duplicate'",
        "delete from marts.fct_training where mode in ('online_class', 'online_elective', 'mobile') "
        "and credit_status in ('credited', 'over_daily_cap')",
    ],
    "ledger/rule_explains_the_status.sql": [
        "update marts.fct_training set rule_code = 'lesson_hours' where credit_status = 'excess_leave'",
        "update marts.fct_training set rule_code = 'course_hours' where rule_code = 'lesson_hours'",
        "update rules.credit_rule set valid_from = date '2026-01-01' where rule_code = 'duplicate'",
        "delete from rules.credit_rule where rule_code = 'stated_hours'",
    ],
    "ledger/status_explains_the_hours.sql": [
        "update marts.fct_training set credited_hours = 1 where credit_status = 'not_completed'",
        "update marts.fct_training set credited_hours = 0 where credit_status = 'credited' and raw_hours > 0",
        "update marts.fct_training set credited_hours = raw_hours where credit_status = 'over_daily_cap'",
        "update marts.fct_training set raw_hours = 0.25, credited_hours = 0.25 "
        "where credit_status = 'credited'",
    ],
}
