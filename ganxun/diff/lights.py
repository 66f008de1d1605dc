"""Which cadres changed light or unit between two builds, and why: each reason with its effect on the figures.

A light follows from theory and party hours, statutory hours and days in the window, rank group and
thresholds. Each record that did not count alike in both builds is put to one reason; what is left of a change
are rank, rules, and who is due. The hours of the reasons add up to the change of the cadre's figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from ganxun.diff import light_queries
from ganxun.diff.versions import Version
from ganxun.explain.published import RuleBook
from ganxun.explain.targets import Measures, thresholds_of

Row = dict[str, Any]
# Reasons in the order in which they are told.
REASONS = (
    "newly_due", "no_longer_due", "rank", "transfer", "rule", "identity", "new_record", "removed_record",
    "correction", "recognition", "reached_date", "ageing_out", "unexplained",
)  # fmt: skip
_SHOWN_TITLES = 3


@dataclass
class Reason:
    """A reason for a changed light with what it added to the figures; `records` are ledger ids."""

    kind: str
    hours: float = 0.0
    days: int = 0
    systematic: float = 0.0
    records: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    detail: Row = field(default_factory=dict)


@dataclass(frozen=True)
class LightChange:
    """A cadre whose light or unit changed. A light of None: not due on that date."""

    cadre_key: str
    light_before: str | None
    light_after: str | None
    before: Row
    after: Row
    reasons: list[Reason]

    @property
    def is_light(self) -> bool:
        """Whether the light changed, and not the unit alone."""
        return self.light_before != self.light_after

    @property
    def unexplained(self) -> dict[str, float]:
        """What no reason accounts for in hours, days and systematic hours; 0 each for who is due twice."""
        if self.light_before is None or self.light_after is None:
            return {}
        return {
            name: round(
                self.after[name] - self.before[name] - sum(getattr(one, name) for one in self.reasons), 1
            )
            for name in ("hours", "days", "systematic")
        }


def find_rule_changes(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Rules whose value in force differs between the two dates."""
    return _rows(connection, light_queries.RULES)


def find_light_changes(
    connection: duckdb.DuckDBPyConnection, before: Version, after: Version, rules: Sequence[Row]
) -> list[LightChange]:
    """Every cadre whose light or unit changed, with the reasons."""
    cadres = _rows(connection, light_queries.CADRES)
    stayed = [row["cadre_key"] for row in cadres if row["light_before"] and row["light_after"]]
    connection.execute(
        "create or replace temp table moved as select unnest(?::varchar[]) as cadre_key", [stayed]
    )
    for side, version in (("before", before), ("after", after)):
        day = version.business_date.isoformat()
        connection.execute(light_queries.COUNTED.format(side=side, day=day))
        connection.execute(light_queries.DAYS.format(side=side, day=day))
    bear_on_records = any(row["rule_kind"] != "target" for row in rules)
    connection.execute(
        light_queries.RECORDS,
        {"before": before.business_date, "after": after.business_date, "rules_changed": bear_on_records},
    )
    records: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(connection, light_queries.RECORD_REASONS):
        records[row["cadre_key"]].append(row)
    days: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(connection, light_queries.DAY_REASONS):
        days[row["cadre_key"]].append(row)
    books = [RuleBook(_rows(connection, f"from {side}.ops.ops_rule")) for side in ("before", "after")]
    return [
        _explain(
            row,
            records[row["cadre_key"]],
            days[row["cadre_key"]],
            [rule for rule in rules if _is_threshold(rule, row) and _bears_on(row, *books)],
        )
        for row in cadres
    ]


def _is_threshold(rule: Row, row: Row) -> bool:
    """Whether a rule sets a threshold of this cadre's light."""
    if rule["rule_kind"] == "target":
        groups = (row["rank_group_before"], row["rank_group_after"])
        return rule["rule_code"].startswith("rolling_5y_statutory") and rule["scope"] in groups
    return (rule["rule_kind"], rule["rule_code"]) == ("parameter", "systematic_min_hours")


def _bears_on(row: Row, before: RuleBook, after: RuleBook) -> bool:
    """Whether the old and the new thresholds give the cadre's figures of either date different lights."""
    for side in ("before", "after"):
        if row[f"light_{side}"] is None:
            continue
        measures = Measures(row[f"systematic_{side}"], row[f"hours_{side}"], row[f"days_{side}"])
        group = row[f"rank_group_{side}"]
        if thresholds_of(group, before).judge(measures) != thresholds_of(group, after).judge(measures):
            return True
    return False


def _explain(row: Row, records: Sequence[Row], days: Sequence[Row], rules: Sequence[Row]) -> LightChange:
    was_due, is_due = row["light_before"] is not None, row["light_after"] is not None
    reasons: list[Reason] = []
    if not (was_due and is_due):
        detail = {"duty_before": row["duty_before"], "duty_after": row["duty_after"]}
        reasons.append(Reason("newly_due" if is_due else "no_longer_due", detail=detail))
    else:
        reasons += _standing_reasons(row, rules)
        reasons += _record_reasons(records, days)
        if row["light_before"] != row["light_after"] and not _bear_on_light(reasons):
            reasons.append(Reason("unexplained"))
    reasons.sort(key=lambda reason: REASONS.index(reason.kind))
    sides = {
        side: {
            name: row[f"{name}_{side}"]
            for name in ("unit", "unit_name", "rank_group", "hours", "days", "systematic")
        }
        for side in ("before", "after")
    }
    return LightChange(
        row["cadre_key"], row["light_before"], row["light_after"], sides["before"], sides["after"], reasons
    )


def _bear_on_light(reasons: Iterable[Reason]) -> bool:
    """A light does not depend on the unit: a transfer alone explains nothing."""
    return any(reason.kind != "transfer" for reason in reasons)


def _standing_reasons(row: Row, rules: Sequence[Row]) -> list[Reason]:
    """Rank, unit, and the thresholds whose change bears on the cadre's light."""
    reasons = []
    for kind, name in (("rank", "rank_group"), ("transfer", "unit")):
        if row[f"{name}_before"] != row[f"{name}_after"]:
            detail = {"before": row[f"{name}_before"], "after": row[f"{name}_after"]}
            if name == "unit":
                detail |= {"name_before": row["unit_name_before"], "name_after": row["unit_name_after"]}
            reasons.append(Reason(kind, detail=detail))
    reasons += [Reason("rule", detail=dict(rule)) for rule in rules]
    return reasons


def _record_reasons(records: Sequence[Row], days: Sequence[Row]) -> list[Reason]:
    """Records put together by reason; the days of an enrolment go to the reason of its records."""
    by_kind: dict[str, Reason] = {}
    reason_of_enrollment: dict[str, str] = {}
    for row in records:
        reason = by_kind.setdefault(row["reason"], Reason(row["reason"]))
        reason.hours = round(reason.hours + row["hours"], 1)
        reason.systematic = round(reason.systematic + row["systematic"], 1)
        reason.records.append(row["ledger_id"])
        if row["title"] and row["title"] not in reason.titles and len(reason.titles) < _SHOWN_TITLES:
            reason.titles.append(row["title"])
        if row["enrollment_id"]:
            reason_of_enrollment.setdefault(row["enrollment_id"], row["reason"])
    for row in days:
        # Days that change while no record of the class does: its dates were corrected.
        kind = reason_of_enrollment.get(row["enrollment_id"], "correction")
        by_kind.setdefault(kind, Reason(kind)).days += row["days"]
    return list(by_kind.values())


def count_moves(changes: Iterable[LightChange]) -> dict[tuple[str | None, str | None], int]:
    """How many cadres went from which light to which."""
    moves: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for change in changes:
        if change.is_light:
            moves[change.light_before, change.light_after] += 1
    return dict(moves)


def _rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[date] = ()) -> list[Row]:
    answer = connection.execute(query, parameters)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
