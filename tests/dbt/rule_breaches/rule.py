"""What breaks the rules of what counts when, and the list of rules."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "what_counts_as_systematic_and_online_is_a_rule_of_the_day": (
        f"{INT}/cadre/int_cadre_day.sql",
        "in_force_on('systematic', 'ledger.activity_date')",
        "in_force_on('systematic', as_of())",
    ),
    "a_past_month_end_is_judged_by_the_targets_of_its_own_day": (
        f"{INT}/cadre/int_cadre_coverage.sql",
        "join_policy_on('systematic_min_hours', 'measured.report_date')",
        "join_policy_on('systematic_min_hours', as_of())",
    ),
    "a_rule_is_in_force_from_its_first_day_and_no_more_on_its_last": (
        "models/marts/ops/ops_rule.sql",
        "in_force_on('rules', as_of())",
        "in_force_on('rules', as_of() ~ ' - 1')",
    ),
}
