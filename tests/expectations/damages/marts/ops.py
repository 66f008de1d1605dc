"""Damages to the tables of expectations/suites/marts/ops.yml."""

from __future__ import annotations

DAMAGES = {
    "ops_batch.every_row_is_accounted_for": "update ops_batch set rows_loaded = 7",
    "ops_freshness.every_source_has_delivered": "update ops_freshness set days_behind = null",
    "ops_freshness.sources_are_fresh": "update ops_freshness set days_behind = 9 where source = 'mobile'",
}
