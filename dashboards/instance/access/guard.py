"""The last look at a query before it runs: does it read only what its reader may, under his row rules?

Superset lays its row rules by a parser that knows many dialects a little. DuckDB reads tables in ways that it
does not see (`query('…')`, `SUMMARIZE`, `FROM duckdb_tables`). So the finished SQL is parsed once more by
DuckDB itself (`json_serialize_sql`: the parser that will run it), and refused unless

* it is SELECTs only, and no table function reads anything;
* each table in it is one that the reader was granted;
* each SELECT that reads a table with row rules has every rule as a condition of its own WHERE, joined by AND.

`find_breach` is that check and knows nothing of Superset; `guard_sql` is Superset's SQL_QUERY_MUTATOR.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import duckdb

PUBLISHED_SCHEMAS = ("", "marts", "ops", "restricted")
# Table functions that make rows of their arguments and read nothing.
HARMLESS_FUNCTIONS = ("unnest", "range", "generate_series")
QUERIES = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")
TABLE_REFS = ("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST")

Node = dict[str, Any]
# A conjunct without what does not change its meaning, as text: two are the same if their texts are.
Conjunct = str

_parser = duckdb.connect(":memory:", config={"threads": 1})


class BreachError(Exception):
    """The query reads what its reader may not; the message is for him and repeats nothing of it."""


def find_breach(sql: str, rules_of: Callable[[str], list[str] | None]) -> str | None:
    """Why this query must not run, or None. `rules_of(table)`: its row rules in SQL; None: not granted."""
    try:
        statements = _parse(sql)
        if len(statements) != 1:
            raise BreachError("one SELECT at a time")
        _Reader(rules_of).read(statements[0]["node"], frozenset())
    except BreachError as breach:
        return str(breach)
    return None


def _parse(sql: str) -> list[Node]:
    """DuckDB's own syntax tree of the statements."""
    (text,) = _parser.cursor().execute("select json_serialize_sql(?)", [sql]).fetchone() or ("",)
    parsed: Node = json.loads(text)
    if parsed["error"]:
        raise BreachError("only SELECT can be run here")
    statements: list[Node] = parsed["statements"]
    return statements


class _Reader:
    """Walks a syntax tree; `scope` has the names that are CTEs and not tables where they stand."""

    def __init__(self, rules_of: Callable[[str], list[str] | None]) -> None:
        self._rules_of = rules_of

    def read(self, value: Any, scope: frozenset[str]) -> None:
        """Check everything below `value`. Raises `BreachError`."""
        if isinstance(value, list):
            for item in value:
                self.read(item, scope)
        elif isinstance(value, dict):
            kind = str(value.get("type", ""))
            if kind.endswith("_NODE") and "cte_map" in value:
                self._read_query(value, scope)
            elif "class" not in value and (kind in TABLE_REFS or kind.endswith("_REF") or "sample" in value):
                self._read_source(value, scope)
            else:
                for item in value.values():
                    self.read(item, scope)

    def _read_query(self, query: Node, scope: frozenset[str]) -> None:
        if query["type"] not in QUERIES:
            raise BreachError("this kind of query is not allowed here")
        # A CTE sees those before it, not itself: the name in its own body is a table.
        for entry in query["cte_map"]["map"]:
            self.read(entry["value"], scope)
            scope |= {entry["key"].lower()}
        if query["type"] == "RECURSIVE_CTE_NODE":
            scope |= {query["cte_name"].lower()} if "cte_name" in query else {query["ctename"].lower()}
        rest = {key: value for key, value in query.items() if key != "cte_map"}
        if query["type"] == "SELECT_NODE":
            kept = self._read_ruled_source(rest.pop("from_table"), rest.pop("where_clause"), scope)
            self.read(kept, scope)
        for value in rest.values():
            self.read(value, scope)

    def _read_ruled_source(self, source: Node, where: Node | None, scope: frozenset[str]) -> list[Node]:
        """Check what a SELECT reads against its WHERE; returns the conditions that are no row rules."""
        conditions = list(_conjuncts(where))
        ruled = list(self._ruled_tables(source, scope))
        needed: set[Conjunct] = set()
        for table, rules in ruled:
            needed |= rules
            if table["column_name_alias"] or table["alias"].lower() in _columns_of(rules):
                raise BreachError("columns of this table cannot be renamed")
        if len(ruled) > 1 or (ruled and not _is_alone(source)):
            raise BreachError("a table with row rules is read alone")
        if not needed <= {_meaning(condition) for condition in conditions}:
            raise BreachError("the row rules of a table are missing")
        for part in _sides(source):
            if part["type"] != "BASE_TABLE":
                self._read_source(part, scope)
            else:
                self._check_table(part, scope)
        if source["type"] == "JOIN":
            self.read(source.get("condition"), scope)
        return [condition for condition in conditions if _meaning(condition) not in needed]

    def _ruled_tables(self, source: Node, scope: frozenset[str]) -> Iterator[tuple[Node, set[Conjunct]]]:
        for part in _sides(source):
            if part["type"] == "BASE_TABLE" and (rules := self._check_table(part, scope)):
                yield part, rules

    def _check_table(self, table: Node, scope: frozenset[str]) -> set[Conjunct]:
        """The row rules of a table; a CTE and a table without rules have none. Raises if not granted."""
        name, schema = table["table_name"].lower(), table["schema_name"].lower()
        if not schema and name in scope:
            return set()
        rules = self._rules_of(name) if schema in PUBLISHED_SCHEMAS else None
        if rules is None:
            raise BreachError("a table that is read here was not granted")
        return {conjunct for rule in rules for conjunct in _read_rule(rule)}

    def _read_source(self, source: Node, scope: frozenset[str]) -> None:
        """A table reference that is not the plain source of a SELECT, or a part of a join."""
        if source["type"] not in TABLE_REFS:
            raise BreachError("this kind of query is not allowed here")
        if source["type"] == "TABLE_FUNCTION":
            function = source["function"]
            if str(function.get("function_name", "")).lower() not in HARMLESS_FUNCTIONS:
                raise BreachError("table functions are not allowed here")
        if source["type"] == "BASE_TABLE":
            if self._check_table(source, scope):
                raise BreachError("the row rules of a table are missing")
            return
        for key, value in source.items():
            if key not in ("type", "alias"):
                self.read(value, scope)


def _sides(source: Node) -> Iterator[Node]:
    """A source itself, or what a join joins."""
    if source["type"] == "JOIN":
        yield from _sides(source["left"])
        yield from _sides(source["right"])
    else:
        yield source


def _is_alone(source: Node) -> bool:
    """A table, or a table joined with sub-queries on a condition (as Superset limits series)."""
    if source["type"] != "JOIN":
        return True
    parts = [part["type"] for part in _sides(source)]
    return (
        parts.count("BASE_TABLE") == 1
        and set(parts) <= {"BASE_TABLE", "SUBQUERY"}
        and not source["using_columns"]
    )


def _conjuncts(where: Node | None) -> Iterator[Node]:
    if where is None:
        return
    if where["type"] == "CONJUNCTION_AND":
        for child in where["children"]:
            yield from _conjuncts(child)
    else:
        yield where


@lru_cache(maxsize=1024)
def _read_rule(rule: str) -> frozenset[Conjunct]:
    (statement,) = _parse(f"select 1 from ruled where {rule}")
    return frozenset(_meaning(conjunct) for conjunct in _conjuncts(statement["node"]["where_clause"]))


def _meaning(node: Node) -> Conjunct:
    return json.dumps(_without_places(node), sort_keys=True)


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {
            key: _without_places(item)
            for key, item in value.items()
            if key not in ("query_location", "alias")
        }
        if kept.get("type") == "CONJUNCTION_OR":
            kept["children"] = sorted(kept["children"], key=lambda child: json.dumps(child, sort_keys=True))
        return kept
    if isinstance(value, list):
        return [_without_places(item) for item in value]
    return value


def _columns_of(conjuncts: set[Conjunct]) -> set[str]:
    """Every name that a column reference of the rules begins with."""
    found: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "COLUMN_REF":
                found.add(str(value["column_names"][0]).lower())
            for item in value.values():
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)

    for conjunct in conjuncts:
        collect(json.loads(conjunct))
    return found


def guard_sql(sql: str, security_manager: Any, database: Any, **_: Mapping[str, Any]) -> str:
    """Superset's SQL_QUERY_MUTATOR: the query as it is, or an exception.

    Whoever was granted the whole file (analysts, organization department, administrator) is not checked; nor
    is Superset's own work outside of a request.
    """
    from flask import g

    if database.backend != "duckdb" or getattr(g, "user", None) is None:
        return sql
    if security_manager.can_access_database(database):
        return sql
    from superset.errors import ErrorLevel, SupersetError, SupersetErrorType
    from superset.exceptions import SupersetSecurityException

    breach = find_breach(sql, lambda table: _granted_rules(table, security_manager, database))
    if breach is not None:
        raise SupersetSecurityException(
            SupersetError(
                message=f"无权执行该查询 / Not allowed: {breach}",
                error_type=SupersetErrorType.TABLE_SECURITY_ACCESS_ERROR,
                level=ErrorLevel.ERROR,
            )
        )
    return sql


def _granted_rules(table: str, security_manager: Any, database: Any) -> list[str] | None:
    """The current user's row rules of a published table in SQL; None if he was not granted it."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable

    datasets = db.session.query(SqlaTable).filter_by(database_id=database.id, table_name=table).all()
    dataset = next((one for one in datasets if not one.sql), None)
    if dataset is None or not security_manager.can_access("datasource_access", dataset.perm or ""):
        return None
    options = {"dialect": database.get_dialect(), "compile_kwargs": {"literal_binds": True}}
    return [str(rule.compile(**options)) for rule in dataset.get_sqla_row_level_filters()]
