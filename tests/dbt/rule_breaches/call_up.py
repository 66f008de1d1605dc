"""What breaks the rules of knowledge reserve, call-up and warnings."""

from __future__ import annotations

CALL_UP = "models/intermediate/call_up"
MARTS = "models/marts/call_up"

BREACHES = {
    "reserve_halves_with_each_half_life_and_ends_at_100": (
        "models/intermediate/cadre/int_cadre_knowledge.sql",
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
        "and other.start_date <= one.end_date",
        "and other.start_date < one.end_date",
    ),
    "red_before_yellow_then_most_hours_missing": (
        f"{CALL_UP}/int_call_up_candidate.sql",
        "case measured.light when 'red' then 1 else 2 end asc,",
        "",
    ),
    "a_topic_without_hours_is_the_weakest": (
        f"{CALL_UP}/int_call_up_topic.sql",
        "coalesce(knowledge.reserve, 0) as reserve",
        "knowledge.reserve",
    ),
    "only_planned_classes_with_a_seat_are_open": (
        f"{CALL_UP}/int_call_up_class.sql",
        "and classes.start_date > {{ as_of() }}",
        "and classes.start_date >= {{ as_of() }}",
    ),
    "what_bars_a_cadre_from_a_class": (
        f"{CALL_UP}/int_call_up_offer.sql",
        "wanted.start_date <= wanted.long_class_until",
        "wanted.start_date < wanted.long_class_until",
    ),
    "seats_and_places_of_a_unit_go_in_the_order_of_the_list": (
        f"{CALL_UP}/int_call_up_assignment.sql",
        "and unit_rank <= places_left",
        "",
    ),
    "a_class_not_passed_is_to_be_made_up_within_a_year": (
        f"{CALL_UP}/int_make_up_class.sql",
        "and missed.end_date < later.start_date",
        "",
    ),
    "every_kind_of_warning_at_its_edge": (
        f"{MARTS}/mart_alert.sql",
        "enrollments.result = 'failed'",
        "enrollments.result <> 'passed'",
    ),
    "what_the_officer_reads_of_a_candidate": (
        f"{MARTS}/mart_call_up_candidate.sql",
        "and attendable.cadre_key is null",
        "",
    ),
}
