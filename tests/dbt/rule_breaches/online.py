"""What breaks the rules in the online models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "academy_record_status_hours_and_topic": (
        f"{INT}/online/int_academy_record.sql",
        "when joined.requires_exam and",
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
        "        joined.credit_hours,\n        {{ cut_to_tenth('joined.duration",
        "        cast(null as double),\n        {{ cut_to_tenth('joined.duration",
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
    "online_hours_and_topic_are_rules_of_the_day": (
        f"{INT}/online/int_academy_record.sql",
        "join_policy_on('seconds_per_credit_hour', 'joined.activity_date')",
        "join_policy_on('seconds_per_credit_hour', as_of())",
    ),
    "mobile_hours_and_topic_are_rules_of_the_day": (
        f"{INT}/online/int_mobile_record.sql",
        "and {{ in_force_on('topics', 'joined.activity_date') }}",
        "and {{ in_force_on('topics', as_of()) }}",
    ),
    "daily_cap_is_that_of_the_day_and_exactly_at_it_nothing_is_cut": (
        f"{INT}/online/int_online_recognised.sql",
        "join_policy_on('online_daily_cap_hours', 'recognised.activity_date')",
        "join_policy_on('online_daily_cap_hours', as_of())",
    ),
    "course_of_no_hours_is_credited_with_nothing_and_takes_the_recognition": (
        f"{INT}/online/int_online_recognised.sql",
        "    where credit_status = 'credited'\n",
        "    where credit_status = 'credited' and raw_hours > 0\n",
    ),
    "statement_delivered_twice_counts_once": (
        "models/staging/mobile/stg_mobile__statements.sql",
        "where version_rank = 1",
        "",
    ),
}
