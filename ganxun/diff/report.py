"""The whole comparison of two dates: headline figures, rules, lights with reasons, tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from ganxun.diff.lights import LightChange, count_moves, find_light_changes, find_rule_changes
from ganxun.diff.tables import RowChange, TableDiff, compare_tables, list_changes
from ganxun.diff.versions import Version, open_both, provide_version
from ganxun.settings import Settings

Progress = Callable[[str, int, int], None]
HEADLINES = ("due", "red", "yellow", "green", "participation_rate", "nominal_coverage", "effective_coverage")


@dataclass(frozen=True)
class DiffReport:
    """What changed between two builds. `rows` are those of the one table that was asked for."""

    before: Version
    after: Version
    headlines: dict[str, tuple[float | None, float | None]]
    versions: dict[str, tuple[str | None, str | None]]
    rules: list[dict[str, Any]]
    lights: list[LightChange]
    tables: list[TableDiff]
    rows: list[RowChange]

    def to_dict(self) -> dict[str, Any]:
        """For machines; JSON-able with `default=str`."""
        sides = {
            name: {
                "run_id": version.run_id,
                "business_date": version.business_date,
                "is_aside": version.is_aside,
            }
            for name, version in (("before", self.before), ("after", self.after))
        }
        return {
            **sides,
            "headlines": self.headlines,
            "versions": self.versions,
            "rules": self.rules,
            "moves": [
                {"before": before, "after": after, "cadres": cadres}
                for (before, after), cadres in count_moves(self.lights).items()
            ],
            "lights": [asdict(change) for change in self.lights],
            "tables": [asdict(table) for table in self.tables],
            "rows": [asdict(row) for row in self.rows],
        }


def compare_dates(
    settings: Settings,
    before: date,
    after: date,
    *,
    table: str | None = None,
    limit: int = 0,
    progress: Progress | None = None,
) -> DiffReport:
    """Compare the builds of two dates; a date without a kept version is built aside first.

    `table`: list the rows of this table that differ, at most `limit` (0: all). Raises `BuildFailed` or
    `WarehouseBusy` where a build is needed and cannot be made, `NotComparable` for builds without keys.
    """
    left, right = (provide_version(settings, day, progress) for day in (before, after))
    with open_both(settings, left, right) as connection:
        if progress is not None:
            progress("comparing the tables", 0, 2)
        tables = compare_tables(connection, left, right)
        if progress is not None:
            progress("looking for the reasons of changed lights", 1, 2)
        rules = find_rule_changes(connection)
        return DiffReport(
            left,
            right,
            headlines=_read_headlines(connection),
            versions=_read_versions(connection, left, right),
            rules=rules,
            lights=find_light_changes(connection, left, right, rules),
            tables=tables,
            rows=list_changes(connection, left, right, table, limit) if table else [],
        )


def _read_headlines(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[float | None, float | None]]:
    """The whole tree's figures on the two business dates."""
    columns = ", ".join(HEADLINES)
    sides = [
        connection.execute(
            f"select {columns} from {side}.marts.mart_unit_coverage "
            "where is_current and scope = 'subtree' and parent_code is null"
        ).fetchone()
        or (None,) * len(HEADLINES)
        for side in ("before", "after")
    ]
    return dict(zip(HEADLINES, zip(*sides, strict=True), strict=True))


def _read_versions(
    connection: duckdb.DuckDBPyConnection, before: Version, after: Version
) -> dict[str, tuple[str | None, str | None]]:
    """Versions of the rules and of the code that made the two builds."""
    sides = [
        connection.execute(
            f"select rule_version, code_version from {side}.ops.ops_run where run_id = ?", [version.run_id]
        ).fetchone()
        or (None, None)
        for side, version in (("before", before), ("after", after))
    ]
    return dict(zip(("rule_version", "code_version"), zip(*sides, strict=True), strict=True))
