"""Damages to the tables of expectations/suites/marts/ops.yml."""

from __future__ import annotations

from tests.expectations.damages.statements import double

DAMAGES = {
    "ops_batch.every_row_is_accounted_for": "update ops_batch set rows_loaded = 7",
    "ops_freshness.every_source_has_delivered": "update ops_freshness set days_behind = null",
    "ops_freshness.sources_are_fresh": "update ops_freshness set days_behind = 9 where source = 'mobile'",
    "ops_orphan.orphans_are_unique": double("ops_orphan"),
    "ops_orphan.sources_are_known": "update ops_orphan set source = 'other' where rowid = 3",
    "ops_rule.rules_are_unique": double("ops_rule"),
    "ops_rule.citations_are_given": "update ops_rule set citation = null where rowid = 3",
}
