"""What breaks the rules of the restricted tables."""

from __future__ import annotations

RESTRICTED = "models/marts/restricted"

BREACHES = {
    "two_of_one_name_and_unit_read_differently": (
        f"{RESTRICTED}/cadre_identity.sql",
        "case when namesakes > 1 then person_code else code_tail end",
        "code_tail",
    ),
    "a_deadline_is_over_the_day_after": (
        f"{RESTRICTED}/alert_list.sql",
        "when alerts.due_on < alerts.as_of then 'overdue'",
        "when alerts.due_on <= alerts.as_of then 'overdue'",
    ),
    "what_an_officer_reads_of_each_place_in_the_list": (
        f"{RESTRICTED}/call_up_list.sql",
        "when blocked_until is not null then 'blocked'",
        "",
    ),
    "findings_name_their_classes_and_days": (
        f"{RESTRICTED}/call_up_finding_list.sql",
        "contains(' ' || findings.evidence || ' ', ' ' || enrollments.class_id || ' ')",
        "contains(enrollments.class_id, substr(findings.evidence, 1, 2))",
    ),
    "what_is_missing_for_green": (
        f"{RESTRICTED}/cadre_profile.sql",
        "case when cadres.is_due then coverage.light else 'none' end as light",
        "coverage.light",
    ),
    "hours_or_days_suffice_and_each_requirement_says_its_rule": (
        f"{RESTRICTED}/cadre_profile_target.sql",
        "when is_settled then 'met_by_other'",
        "",
    ),
    "who_has_no_hours_counts_in_the_mean": (
        f"{RESTRICTED}/cadre_profile_topic.sql",
        "/ 10.0 / count(*)",
        "/ 10.0 / nullif(count(nullif(reserve, 0)), 0)",
    ),
    "a_year_without_training_is_a_year_of_zeros": (
        f"{RESTRICTED}/cadre_profile_year.sql",
        "and activity_date <= {{ as_of() }}",
        "",
    ),
    "the_outcome_of_a_class_in_words": (
        f"{RESTRICTED}/cadre_profile_class.sql",
        "when enrollments.end_date >= {{ as_of() }} then 'running'",
        "when enrollments.end_date > {{ as_of() }} then 'running'",
    ),
    "a_unit_belongs_to_the_branch_below_the_root": (
        "models/intermediate/unit/int_unit_branch.sql",
        "or (branches.parent_code is null and closures.depth = 0)",
        "",
    ),
}
