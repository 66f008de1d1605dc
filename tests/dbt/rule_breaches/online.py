"""What breaks the rules in the online models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "academy_record_status_hours_and_topic": (
        f"{INT}/online/int_academy_record.sql",
        "when requires_exam and",
        "when false and",
    ),
    "voided_statements_do_not_count": (
        f"{INT}/online/int_mobile_statement.sql",
        "where voided.statement_id is null and",
        "where",
    ),
    "mobile_one_row_a_year_of_completion": (
        f"{INT}/online/int_mobile_completion.sql",
        "statements.activity_year > periods.after_year",
        "statements.activity_year >= periods.after_year",
    ),
    "mobile_hours_of_the_academy_course_and_no_exam": (
        f"{INT}/online/int_mobile_record.sql",
        "        credit_hours, {{",
        "        cast(null as double), {{",
    ),
    "recognition_counts_the_first_completed_once_a_year": (
        f"{INT}/online/int_online_recognised.sql",
        "partition by cadre_key, course_key, {{ year_of('activity_date') }}",
        "partition by cadre_key, course_key",
    ),
    "recognition_ties_by_mode_then_record_id": (
        f"{INT}/online/int_online_recognised.sql",
        "{{ online_mode_order('mode') }}, source_record_id\n        ) as recognition_order",
        "source_record_id\n        ) as recognition_order",
    ),
    "daily_cap_cuts_in_order_of_completion": (
        f"{INT}/online/int_online_recognised.sql",
        "unbounded preceding and 1 preceding",
        "unbounded preceding and unbounded following",
    ),
    "statement_delivered_twice_counts_once": (
        "models/staging/mobile/stg_mobile__statements.sql",
        "where version_rank = 1",
        "",
    ),
}
