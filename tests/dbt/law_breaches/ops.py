"""What breaks the laws in dbt_project/tests/ops."""

from __future__ import annotations

BREACHES = {
    "ops/batches_reconcile.sql": [
        "update ops.ops_batch set rows_loaded = rows_loaded - 1 where rows_loaded > 0",
    ],
    "ops/one_rule_in_force.sql": [
        "update rules.policy_parameter set valid_from = date '2999-01-01' where name = 'weak_gap'",
        "delete from rules.policy_parameter where name = 'weak_gap'",
        "insert into rules.policy_parameter select * from rules.policy_parameter where name = 'weak_gap'",
        "insert into rules.policy_target select * from rules.policy_target limit 1",
    ],
}
