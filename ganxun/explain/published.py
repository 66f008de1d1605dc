"""The published files as explanations read them: read-only, by the rules that were published with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from ganxun.settings import Settings

Row = dict[str, Any]
# Tables without which nothing can be explained; a warehouse of an older version lacks some.
NEEDED = {
    ("marts", "mart_cadre_coverage"),
    ("marts", "mart_cadre_knowledge"),
    ("marts", "mart_unit_coverage"),
    ("marts", "mart_unit_weak_spot"),
    ("marts", "fct_training"),
    ("marts", "fct_enrollment"),
    ("ops", "ops_rule"),
}


class NotPublished(RuntimeError):
    """There is no published warehouse, or one from before rules were published."""


class UnknownKey(LookupError):
    """No cadre, unit or topic with this key. The message does not repeat the key: it may be a person code."""


class Published:
    """A connection to the published warehouse; `restricted` tells whether names may be looked up."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, restricted: bool) -> None:
        self._connection = connection
        self.restricted = restricted

    def rows(self, query: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """Rows of a query as dictionaries."""
        answer = self._connection.execute(query, parameters)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def row(self, query: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """The first row of a query; None: there is none."""
        return next(iter(self.rows(query, parameters)), None)

    def read_rules(self) -> RuleBook:
        """The rules in force."""
        return RuleBook(self.rows("select * from ops_rule"))

    def find_as_of(self) -> date:
        """Business date of the published build. Raises `NotPublished` where nobody is due."""
        found = self.row("select max(as_of) as as_of from mart_cadre_coverage")
        if found is None or found["as_of"] is None:
            raise NotPublished("the published warehouse has no due cadre")
        as_of: date = found["as_of"]
        return as_of


@contextmanager
def open_published(settings: Settings, restricted: bool = False) -> Iterator[Published]:
    """Open the published warehouse read-only, with the restricted file beside it where names are wanted.

    Raises `NotPublished`, or PermissionError when the restricted file is somebody else's.
    """
    zones = settings.zones
    if not zones.warehouse.exists():
        raise NotPublished(f"nothing published in {settings.data_dir} yet: `ganxun run` publishes")
    # Attached to a database of its own: a setting of a file's database would hold for the whole process.
    with duckdb.connect() as connection:
        connection.execute(f"set timezone = '{settings.timezone}'")
        connection.execute(f"attach '{zones.warehouse}' as warehouse (read_only)")
        if restricted:
            with zones.restricted.open("rb"):
                pass  # DuckDB's own error would not say whose fault it is
            connection.execute(f"attach '{zones.restricted}' as named (read_only)")
        connection.execute("set enable_external_access = false")
        connection.execute("set search_path = 'warehouse.marts,warehouse.ops'")
        there = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
        ).fetchall()
        if missing := sorted(table for schema, table in NEEDED - set(there)):
            raise NotPublished(
                f"the published warehouse is of an older version and lacks {', '.join(missing)}: "
                "`ganxun run --rebuild` makes it new"
            )
        yield Published(connection, restricted)


@dataclass(frozen=True)
class Rule:
    """A rule in force with its text and what it stands on."""

    kind: str
    code: str
    scope: str
    value: str
    text_zh: str
    text_en: str
    origin: str
    citation: str

    @property
    def number(self) -> float:
        """The value as a number."""
        return float(self.value)


class RuleBook:
    """The rules in force on the business date of a build; `rows` are those of its ops_rule."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rules = {
            (row["rule_kind"], row["rule_code"], row["scope"]): Rule(
                row["rule_kind"], row["rule_code"], row["scope"], row["value"],
                row["text_zh"], row["text_en"], row["origin"], row["citation"],
            )
            for row in rows
            if row["is_in_force"]
        }  # fmt: skip

    def parameter(self, name: str) -> Rule:
        """A parameter by its name."""
        return self._rules["parameter", name, "all"]

    def target(self, rank_group: str, window: str, counts: str, measure: str) -> Rule | None:
        """A target of a rank group; None: none is in force."""
        return self._rules.get(("target", f"{window}_{counts}_{measure}", rank_group))
