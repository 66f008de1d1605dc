"""Judge tables by a suite: `validate("cadre", {"unit": …, "person": …})`.

Purpose: the last look at a delivery before it is committed (suites `cadre`, `academic`, `academy`,
`mobile`) and at the modelled tables before they are published (suite `marts`). Data flow: Arrow
tables in, one `CheckResult` for each expectation out; nothing is read from or written to disk.
Failure mode: nothing about the data raises; a missing column, a missing required table or a check
that cannot be evaluated is a failed critical result. Only an unknown or malformed suite raises.
Great Expectations (8 s to import) is imported at the first call.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from expectations import frames, own_checks
from expectations.frames import Frame, build_frame, columns_of
from expectations.judge import judge_with_gx
from expectations.privacy import Published, describe_tables
from expectations.results import CheckResult, find_blocking
from expectations.suites import EVERY_TABLE, Rule, Suite, TableRules, list_suites, list_tables, load_suite
from expectations.verdicts import Finding, Verdict
from expectations.words import TABLE_IS_THERE, say_found, say_observed

__all__ = [
    "CheckResult",
    "find_blocking",
    "list_columns",
    "list_suites",
    "list_tables",
    "validate",
    "validate_suite",
]


def list_columns(suite: str) -> dict[str, frozenset[str]]:
    """The columns that a suite reads, by table: all that a caller has to load for it."""
    read: dict[str, set[str]] = {}
    for rules in load_suite(suite).tables.values():
        parts = [frames.columns_read(rules)]
        if rules.table == EVERY_TABLE:
            parts = [own_checks.columns_read(rule) for rule in rules.rules]
        for part in parts:
            for table, columns in part.items():
                read.setdefault(table, set()).update(columns)
    return {table: frozenset(columns) for table, columns in read.items()}


def validate(
    suite: str, tables: Mapping[str, pa.Table], published: Published | None = None
) -> list[CheckResult]:
    """Judge the given tables by a suite of `expectations/suites`, in the suite's order.

    `tables` maps a table's name in the suite to its rows. A landing suite is given what one file
    delivered (a zip: all its tables; an NDJSON file: one), plus optionally `batch` (docs/expectations.md);
    the marts suite is given every table of `list_tables("marts")`. Tables that the suite does not
    know are ignored; tables that were not delivered are not judged unless they are `required`.
    A table is asked for when its turn comes and let go after it: `tables` may load them one by one.
    `published` says what texts are published where `tables` do not hold them all (default: they do).
    """
    return validate_suite(load_suite(suite), tables, published)


def validate_suite(
    suite: Suite, tables: Mapping[str, pa.Table], published: Published | None = None
) -> list[CheckResult]:
    """Like `validate`, by a suite that is already loaded."""
    results: list[CheckResult] = []
    for rules in suite.tables.values():
        if rules.table == EVERY_TABLE:
            shown = published or describe_tables(tables)
            results.extend(
                _put_into_words(suite.name, rules.table, rule, own_checks.run(rule, tables, shown))
                for rule in rules.rules
            )
        elif rules.table in tables:
            results.extend(_validate_table(suite.name, rules, tables))
        elif rules.required:
            results.append(_say_missing(suite.name, rules.table))
    return results


def _validate_table(suite: str, table: TableRules, tables: Mapping[str, pa.Table]) -> list[CheckResult]:
    content = tables[table.table]
    frame, rows = build_frame(table, content, tables), content.num_rows
    del content
    verdicts: dict[str, Verdict] = {}
    for rule in table.rules:
        decided = _decide_beforehand(rule, frame, rows)
        if decided is not None:
            verdicts[rule.name] = decided
    left = [rule for rule in table.rules if rule.name not in verdicts]
    verdicts |= judge_with_gx(table, left, frame.data)
    return [_put_into_words(suite, table.table, rule, verdicts[rule.name]) for rule in table.rules]


def _decide_beforehand(rule: Rule, frame: Frame, rows: int) -> Verdict | None:
    """Rules that need no look at the rows: a column is missing, or there is nothing to judge."""
    lacking = sorted({frame.missing[column] for column in columns_of(rule) & set(frame.missing)})
    if lacking:
        return Verdict.not_judged(Finding("missing_column", {"columns": lacking}))
    if columns_of(rule) & frame.unusable:
        return Verdict.not_judged(Finding("wrong_type"))
    if rule.type.startswith("expect_table_row_count"):
        return None
    if rows < rule.min_rows:
        return Verdict.skipped(Finding("too_few_rows" if rows else "row_count", {"rows": rows}))
    for column in sorted(columns_of(rule) & set(frame.not_delivered)):
        return Verdict.skipped(Finding("not_delivered", {"tables": [frame.not_delivered[column]]}))
    return None


def _put_into_words(suite: str, table: str, rule: Rule, verdict: Verdict) -> CheckResult:
    place = f"{table}.{rule.column}" if rule.column else table
    severity = rule.severity if verdict.judged else "critical"
    code, facts = verdict.finding.code, verdict.finding.facts
    found = say_found(code, facts).en
    if verdict.success:
        message = f"{place} is as expected: {rule.meaning} ({found})."
    else:
        message = f"{place} is not as expected: {rule.meaning} (found: {found})."
    return CheckResult(
        suite=suite,
        table=table,
        expectation=rule.name,
        column=rule.column,
        severity=severity,
        success=verdict.success,
        code=code,
        facts=facts,
        observed=say_observed(code, facts).en,
        unexpected_count=verdict.unexpected_count,
        message=message,
    )


def _say_missing(suite: str, table: str) -> CheckResult:
    return CheckResult(
        suite=suite,
        table=table,
        expectation=TABLE_IS_THERE,
        column=None,
        severity="critical",
        success=False,
        code="missing_table",
        facts={},
        observed=say_observed("missing_table", {}).en,
        unexpected_count=None,
        message=f"{table} is missing: nothing that needs it can be judged or counted on.",
    )
