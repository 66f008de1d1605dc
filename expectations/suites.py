"""Suites as YAML: reading them, and refusing a suite that says something the runner would overlook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from expectations.results import SEVERITIES
from yaml_files import parse_yaml

RULE_KEYS = {"name", "type", "kwargs", "severity", "meaning", "meaning_zh", "min_rows"}
TABLE_KEYS = {"required", "row_id", "derived", "expectations"}


# The checks of all given tables together stand under this name.
EVERY_TABLE = "every_table"


class SuiteError(ValueError):
    """A suite's YAML is not what the runner can judge by."""


@dataclass(frozen=True)
class Rule:
    """One expectation of a table.

    `type` is a Great Expectations type (`expect_…`) or, under `every_table` only, one of this
    project's own checks (`check_…`, see `expectations.own_checks`). Below `min_rows` rows it is not
    judged: a share of three rows says nothing. `meaning` says in English what must hold and what happens
    else, `meaning_zh` says so in Chinese.
    """

    name: str
    type: str
    severity: str
    meaning: str
    meaning_zh: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    min_rows: int = 1

    @property
    def column(self) -> str | None:
        """The column that the rule is about: null for the whole table or several columns."""
        column = self.kwargs.get("column", self.kwargs.get("column_A"))
        return str(column) if column is not None else None


@dataclass(frozen=True)
class TableRules:
    """The expectations of one table, and the columns derived for them (`expectations.frames`)."""

    table: str
    required: bool
    row_id: str
    derived: Mapping[str, Any]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Suite:
    """All tables of one source, or the marts."""

    name: str
    tables: Mapping[str, TableRules]


def list_suites() -> tuple[str, ...]:
    """The names of all suites."""
    found = files("expectations").joinpath("suites").iterdir()
    return tuple(
        sorted(entry.name.removesuffix(".yml") for entry in found if entry.is_dir() or _is_yaml(entry))
    )


def list_tables(suite: str) -> tuple[str, ...]:
    """The tables that a suite has expectations of."""
    return tuple(table for table in load_suite(suite).tables if table != EVERY_TABLE)


@cache
def load_suite(name: str) -> Suite:
    """Read `suites/<name>.yml`, or all files of `suites/<name>/`; SuiteError if unknown or malformed."""
    if name not in list_suites():
        raise SuiteError(f"no suite {name!r}: there are {', '.join(list_suites())}")
    suites = files("expectations").joinpath("suites")
    folder = suites.joinpath(name)
    parts = [suites.joinpath(f"{name}.yml")]
    if folder.is_dir():
        parts = sorted((entry for entry in folder.iterdir() if _is_yaml(entry)), key=lambda part: part.name)
    content: dict[str, Any] = {}
    for part in parts:
        tables = parse_yaml(part.read_text(encoding="utf-8"))
        twice = set(content) & set(tables)
        if twice:
            raise SuiteError(f"{name}: {', '.join(sorted(twice))} stands in {part.name} and in another file")
        content |= tables
    return parse_suite(name, content)


def _is_yaml(entry: Traversable) -> bool:
    return entry.is_file() and entry.name.endswith(".yml")


def parse_suite(name: str, content: Mapping[str, Any]) -> Suite:
    """Turn a YAML document into a suite: {table: {row_id, required, derived, expectations: [...]}}."""
    return Suite(name, {table: _parse_table(table, body) for table, body in content.items()})


def _parse_table(table: str, body: Mapping[str, Any]) -> TableRules:
    _refuse_unknown(table, body, TABLE_KEYS)
    rules = tuple(_parse_rule(table, item) for item in body["expectations"])
    prefix = "check_" if table == EVERY_TABLE else "expect_"
    for rule in rules:
        if not rule.type.startswith(prefix):
            raise SuiteError(f"{table}.{rule.name}: types here begin with {prefix}")
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        raise SuiteError(f"{table}: two expectations have one name")
    return TableRules(
        table=table,
        required=bool(body.get("required", False)),
        row_id=str(body.get("row_id", "_source_row")),
        derived=body.get("derived") or {},
        rules=rules,
    )


def _parse_rule(table: str, item: Mapping[str, Any]) -> Rule:
    _refuse_unknown(table, item, RULE_KEYS)
    missing = {"name", "type", "severity", "meaning", "meaning_zh"} - set(item)
    if missing:
        raise SuiteError(f"{table}: an expectation lacks {', '.join(sorted(missing))}")
    if item["severity"] not in SEVERITIES:
        raise SuiteError(f"{table}.{item['name']}: severity must be one of {', '.join(SEVERITIES)}")
    return Rule(**item)


def _refuse_unknown(table: str, body: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(body) - known
    if unknown:
        raise SuiteError(f"{table}: unknown keys {', '.join(sorted(unknown))}")
