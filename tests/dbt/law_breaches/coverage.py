"""What breaks the laws in dbt_project/tests/coverage."""

from __future__ import annotations

BREACHES = {
    "coverage/coverage_equals_ledger.sql": [
        "update marts.mart_cadre_coverage set credited_hours = credited_hours + 0.1",
        "delete from marts.fct_training where credited_hours > 0 and is_statutory",
        "update marts.mart_cadre_coverage set systematic_hours = systematic_hours + 1",
    ],
    "coverage/due_population_is_counted_once.sql": [
        "delete from marts.mart_cadre_coverage where light = 'red'",
        "update marts.mart_unit_coverage set due = due + 1 where is_current and scope = 'direct'",
    ],
    "coverage/hours_by_mode_add_up.sql": [
        "update marts.mart_cadre_coverage set mobile_hours = mobile_hours + 0.1",
    ],
    "coverage/lights_follow_their_rule.sql": [
        "update marts.mart_cadre_coverage set light = 'green' where light = 'red'",
        "update marts.mart_cadre_coverage set light = null where light = 'yellow'",
        "update rules.policy_target set min_hours = 1 where target_window = 'rolling_5y'",
    ],
}
