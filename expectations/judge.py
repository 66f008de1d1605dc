"""Great Expectations at work on one frame: rules in, results out, nothing printed and nothing raised."""

from __future__ import annotations

import logging
import math
import numbers
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from expectations.results import describe_row
from expectations.suites import Rule, TableRules
from expectations.verdicts import Finding, Verdict

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 5
# Great Expectations gathers the place of every unexpected row before it shows the first five (a
# million rows: 30 s instead of 5). Beyond this many the first rows are looked for in the table's head.
LOCATE_ALL_UP_TO = 1_000
HEAD_ROWS = 10_000


def judge_with_gx(table: TableRules, rules: Sequence[Rule], data: pd.DataFrame) -> dict[str, Verdict]:
    """Judge rules of type `expect_…` on a frame; one verdict for each rule's name.

    A rule that Great Expectations cannot evaluate (a text column where numbers belong) gets a failed
    verdict with `judged` false. Its exception is not kept: it can quote the data.
    """
    if not rules:
        return {}
    with _quiet():
        verdicts = {rule.name: _read(rule, result) for rule, result in _validate(rules, data, {})}
        for rule in rules:
            verdict = verdicts[rule.name]
            if not verdict.success and verdict.unexpected_count:
                rows = _locate(rule, verdict.unexpected_count, table.row_id, data)
                verdicts[rule.name] = verdict.with_rows(rows)
    return verdicts


def _locate(rule: Rule, count: int, row_id: str, data: pd.DataFrame) -> list[str]:
    if row_id not in data.columns:
        return []
    part = data if count <= LOCATE_ALL_UP_TO else data.head(HEAD_ROWS)
    how = {"unexpected_index_column_names": [row_id]}
    _, result = next(iter(_validate([rule], part, how)))
    places = (result.result or {}).get("partial_unexpected_index_list") or []
    return [describe_row(place[row_id]) for place in places[:SHOWN_ROWS]]


def _validate(
    rules: Sequence[Rule], data: pd.DataFrame, how: Mapping[str, Any]
) -> Iterable[tuple[Rule, Any]]:
    import great_expectations as gx  # this is the one place that uses it

    by_name = {rule.name: rule for rule in rules}
    suite = gx.ExpectationSuite(name="rules", expectations=[_expectation(rule) for rule in rules])
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": data})
    wanted = {"result_format": "SUMMARY" if how else "BASIC", "partial_unexpected_count": SHOWN_ROWS, **how}
    for result in batch.validate(suite, result_format=wanted).results:
        yield by_name[result.expectation_config.meta["name"]], result


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    kind = getattr(gxe, "".join(part.capitalize() for part in rule.type.split("_")))
    kwargs = dict(rule.kwargs)
    if "row_condition" in kwargs:
        kwargs["condition_parser"] = "pandas"
    return kind(**kwargs, severity=rule.severity, meta={"name": rule.name})


@lru_cache(maxsize=1)
def _batch_definition() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        ProgressBarsConfig,
    )

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("tables")
    return source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("all rows")


class _quiet:
    """Silence Great Expectations: its log lines and warnings can quote the data."""

    def __enter__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        # Some of its modules' loggers have levels of their own: only passing nothing on stops them all.
        self._logger = logging.getLogger("great_expectations")
        self._propagate = self._logger.propagate
        self._logger.propagate = False
        self._swallow = logging.NullHandler()
        self._logger.addHandler(self._swallow)
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *exc: object) -> None:
        self._warnings.__exit__(*exc)  # type: ignore[arg-type]
        self._logger.removeHandler(self._swallow)
        self._logger.propagate = self._propagate


def _read(rule: Rule, result: Any) -> Verdict:
    found = result.result or {}
    if "element_count" in found:
        unexpected = int(found["unexpected_count"])
        judged = int(found["element_count"] - (found.get("missing_count") or 0))
        return Verdict(bool(result.success), _find_share(unexpected, judged, rule), unexpected)
    if "observed_value" in found:
        return Verdict(bool(result.success), _find_aggregate(rule, found["observed_value"]))
    return Verdict.not_judged()


def _find_share(unexpected: int, judged: int, rule: Rule) -> Finding:
    if not judged:
        return Finding("no_row_to_judge")
    share, allowed = unexpected / judged, 1 - float(rule.kwargs.get("mostly", 1))
    return Finding("share", {"unexpected": unexpected, "judged": judged, "share": share, "allowed": allowed})


def _find_aggregate(rule: Rule, value: Any) -> Finding:
    """A count, share, mean or median; of a set or a day only how many there are, never which."""
    if rule.type.startswith("expect_table_row_count"):
        return Finding("row_count", {"rows": int(value)})
    if isinstance(value, (list, tuple, set)):
        return Finding("distinct_values", {"values": len(value)})
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        # JSON, in which the ledger keeps facts, has only finite numbers.
        return Finding("number", {"value": float(value)}) if math.isfinite(value) else Finding("no_value")
    return Finding("no_number")
