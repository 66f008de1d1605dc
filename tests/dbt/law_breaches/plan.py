"""What breaks the laws in dbt_project/tests/plan."""

from __future__ import annotations

BREACHES = {
    "plan/ranking_lists_hold_together.sql": [
        "update marts.mart_unit_ranking set position = position + 1",
        "update marts.mart_unit_ranking set list = 'black' where position = 1",
        "update marts.mart_unit_ranking set list = null where list = 'red'",
        "update marts.mart_unit_ranking set score = score + 100 where position = 3",
        "delete from marts.mart_unit_ranking where is_current and position = ranked_units",
    ],
}
