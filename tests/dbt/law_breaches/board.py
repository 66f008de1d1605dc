"""What breaks the law in dbt_project/tests/board."""

from __future__ import annotations

BREACHES = {
    "board/boards_hold_together.sql": [
        "delete from marts.mart_unit_topic_board where topic_code is null",
        "delete from marts.mart_unit_rank_board where member_kind = 'own'",
        "update marts.mart_unit_alert_board set due_this_month = due_this_month + 1 where kind = 'red'",
        "update marts.mart_unit_alert_board set warnings = warnings + 1, undated = undated + 1 "
        "where kind = 'all'",
        "update marts.mart_unit_rank_board set position = position + 1 where list = 'black'",
        "update marts.mart_unit_rank_board set list = 'black' where list = 'red'",
        "update marts.mart_unit_plan_board set status = 'met' where status = 'behind'",
        "update marts.mart_unit_plan_board set progress = 0 where status = 'no_data'",
        "update marts.mart_unit_sister_board set standing = 'above' where standing = 'below'",
    ],
}
