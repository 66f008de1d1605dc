"""What breaks the laws in dbt_project/tests/unit."""

from __future__ import annotations

BREACHES = {
    "unit/board_parts_make_the_total.sql": [
        "delete from marts.mart_unit_board where member_kind = 'child' and due > 0",
        "update marts.mart_unit_board set green = green + 1 where member_kind = 'total'",
    ],
    "unit/closure_is_complete.sql": [
        "delete from marts.dim_unit_closure where depth = 1",
        "delete from marts.dim_unit_closure where depth = 0",
        "insert into marts.dim_unit_closure select descendant_code, ancestor_code, 1 "
        "from marts.dim_unit_closure where depth = 1 limit 1",
        "update marts.dim_unit set parent_code = null where level = 2",
    ],
    "unit/layout_equals_ledger.sql": [
        "delete from marts.mart_unit_layout where attribution = 'then' and mode = 'mobile'",
        "insert into marts.mart_unit_layout select * replace (1999 as year) "
        "from marts.mart_unit_layout where scope = 'direct' limit 1",
    ],
    "unit/lights_add_up_to_due.sql": [
        "update marts.mart_unit_coverage set yellow = yellow + 1",
        "update marts.mart_unit_board set participated = due + 1",
    ],
    "unit/root_layout_is_the_sum_of_all_units.sql": [
        "delete from marts.mart_unit_layout where scope = 'direct' and credited_hours > 0 and unit_code = "
        "(select max(unit_code) from marts.mart_unit_layout)",
        "update marts.mart_unit_layout set person_times = person_times + 1 where scope = 'subtree'",
    ],
    "unit/subtree_is_own_and_children.sql": [
        "update marts.mart_unit_coverage set due = due - 1 "
        "where scope = 'direct' and not is_current and due > 0",
    ],
    "unit/weak_spots_hold_together.sql": [
        "update marts.mart_unit_weak_spot set reached = due + 1",
        "update marts.mart_unit_weak_spot set gap = gap + 0.01",
        "update marts.mart_unit_weak_spot set due = 4, reached = 0, reach = 0, gap = benchmark",
    ],
}
