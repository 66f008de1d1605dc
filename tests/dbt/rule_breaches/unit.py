"""What breaks the rules in the unit models."""

from __future__ import annotations

INT = "models/intermediate"

BREACHES = {
    "units_in_a_circle_or_without_a_parent_hang_under_the_root": (
        f"{INT}/unit/int_unit_current.sql",
        "case when cycle_members.unit_code is not null then top.unit_code else parents.parent_code end",
        "parents.parent_code",
    ),
    "revoked_unit_stands_for_its_successors": (
        f"{INT}/unit/int_unit_standing.sql",
        "not (units.is_active and units.is_in_tree)",
        "true",
    ),
    "unit_code_outside_the_tree_counts_for_the_root": (
        f"{INT}/unit/int_unit_member.sql",
        "coalesce(units.home_code, root.unit_code)",
        "units.home_code",
    ),
    "vanished_unit_counts_where_it_went": (
        f"{INT}/unit/int_unit_known.sql",
        "coalesce(successor.unit_code, parent.unit_code)",
        "parent.unit_code",
    ),
    "weak_from_a_tenth_and_severe_from_a_fifth": (
        "models/marts/unit/mart_unit_weak_spot.sql",
        "{{ policy('severe_gap') }} -",
        "{{ policy('severe_gap') }} +",
    ),
    "a_unit_of_four_has_no_weak_spot": (
        "models/marts/unit/mart_unit_weak_spot.sql",
        "having count(*) >= {{ policy('weak_min_due') }}",
        "",
    ),
    "person_times_are_enrolments_and_online_rows": (
        "models/marts/unit/mart_unit_layout.sql",
        "coalesce(enrollment_id, ledger_id)",
        "ledger_id",
    ),
}
