"""What breaks the laws in dbt_project/tests/ops."""

from __future__ import annotations

BREACHES = {
    "ops/batches_reconcile.sql": [
        "update ops.ops_batch set rows_loaded = rows_loaded - 1 where rows_loaded > 0",
    ],
    "ops/dated_rules_reach_every_row.sql": [
        "update rules.policy_parameter set valid_from = date '2022-01-01' where name = 'absence_limit'",
        "update rules.policy_parameter set valid_to = date '2026-06-30' where name = 'systematic_min_hours'",
    ],
    "ops/rule_periods_meet.sql": [
        "insert into ops.ops_rule select * replace (date '2026-01-01' as valid_from) from ops.ops_rule "
        "where rule_code = 'absence_limit'",
        "insert into ops.ops_rule select * replace (date '1899-01-01' as valid_from, "
        "date '1899-12-31' as valid_to) from ops.ops_rule where rule_code = 'rolling_5y_statutory_hours'",
        "update ops.ops_rule set valid_to = valid_from where rule_kind = 'topic_mapping'",
        "update ops.ops_rule set citation = ' ' where rule_kind = 'target'",
        "update rules.topic_keyword set priority = 1 where priority = 2",
    ],
    "ops/one_rule_in_force.sql": [
        "update rules.policy_parameter set valid_from = date '2999-01-01' where name = 'weak_gap'",
        "delete from rules.policy_parameter where name = 'weak_gap'",
        "insert into rules.policy_parameter select * from rules.policy_parameter where name = 'weak_gap'",
        "insert into rules.policy_target select * from rules.policy_target limit 1",
    ],
}
