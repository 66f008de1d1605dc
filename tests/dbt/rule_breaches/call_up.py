"""What breaks the rules of knowledge reserve, call-up and warnings."""

from __future__ import annotations

CALL_UP = "models/intermediate/call_up"
MARTS = "models/marts/call_up"

BREACHES = {
    "reserve_halves_with_each_half_life_and_ends_at_100": (
        f"{CALL_UP}/int_cadre_knowledge.sql",
        "ledger.activity_date >= due.window_start",
        "ledger.activity_date > due.window_start",
    ),
    "long_from_exactly_30_days_and_never_of_a_withdrawn_or_cancelled_call_up": (
        f"{CALL_UP}/int_call_up_enrollment.sql",
        "and enrollments.result <> 'withdrawn'",
        "",
    ),
    "exactly_a_fifth_is_not_too_many_and_two_never_are": (
        f"{CALL_UP}/int_unit_off_job_day.sql",
        "in_class > max_in_class as",
        "in_class >= max_in_class as",
    ),
    "call_up_issues_at_their_edges": (
        f"{MARTS}/mart_call_up_issue.sql",
        "and one.start_date <= other.end_date",
        "and one.start_date < other.end_date",
    ),
}
