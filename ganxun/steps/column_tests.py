"""Column tests: the dbt project's generic tests on a build, by one scan a table.

The tests are written where dbt wants them, beside the models (`not_null`, `unique`, `accepted_values`,
`relationships`, `value_within`, `unique_combination`), and `dbt test` runs them too. But dbt spends more time
on starting each of nine hundred queries than DuckDB on answering them: a night reads them from the manifest
and asks everything about a table at once. tests/dbt/test_column_tests.py holds both ways against each other.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

TOLERANCE = 0.000001  # of value_within, as dbt_project/tests/generic/value_within.sql says
_REF = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class ColumnTest:
    """One generic test: its name, the table it is of (with its filter), and SQL that counts what fails.

    `measure` is an aggregate over the table; where the test needs a query of its own, `query` is that.
    """

    name: str
    relation: str
    measure: str | None = None
    query: str | None = None


@dataclass(frozen=True)
class Failure:
    """A failed test and how many rows (or groups of rows) fail it."""

    name: str
    rows: int


def find_column_tests(manifest: dict[str, Any], models: Collection[str] | None = None) -> list[ColumnTest]:
    """Every generic test of the manifest, or those that read one of some models.

    ValueError for a kind that is not known here: none is skipped.
    """
    nodes = manifest["nodes"]
    tables = {
        node["name"]: f'"{node["schema"]}"."{node["alias"]}"'
        for node in nodes.values()
        if node["resource_type"] in ("model", "seed")
    }
    found = []
    for node in nodes.values():
        if node["resource_type"] != "test" or not node.get("test_metadata"):
            continue
        if models is not None and not any(
            parent in nodes and nodes[parent]["name"] in models for parent in node["depends_on"]["nodes"]
        ):
            continue
        relation = tables[nodes[node["attached_node"]]["name"]]
        where = node["config"].get("where")
        if where:
            relation = f"(select * from {relation} where {where})"
        found.append(_make_test(node["name"], relation, node["test_metadata"], tables))
    return found


def _make_test(name: str, relation: str, metadata: dict[str, Any], tables: dict[str, str]) -> ColumnTest:
    kind, arguments = metadata["name"], metadata["kwargs"]
    column = f'"{arguments["column_name"]}"' if "column_name" in arguments else ""
    if kind == "not_null":
        return ColumnTest(name, relation, f"count(*) filter ({column} is null)")
    if kind == "unique":
        return ColumnTest(name, relation, f"count({column}) - count(distinct {column})")
    if kind == "accepted_values":
        is_quoted = arguments.get("quote", True)
        values = ", ".join(_literal(value) if is_quoted else str(value) for value in arguments["values"])
        return ColumnTest(name, relation, f"count(*) filter ({column} not in ({values}))")
    if kind == "value_within":
        outside = ["false"]
        if arguments.get("minimum") is not None:
            outside.append(f"{column} < {arguments['minimum']} - {TOLERANCE}")
        if arguments.get("maximum") is not None:
            outside.append(f"{column} > {arguments['maximum']} + {TOLERANCE}")
        return ColumnTest(name, relation, f"count(*) filter ({' or '.join(outside)})")
    if kind == "unique_combination":
        columns = ", ".join(f'"{name}"' for name in arguments["columns"])
        nullable = arguments.get("nullable") or []
        nulls = [f' or "{name}" is null' for name in arguments["columns"] if name not in nullable]
        groups = f"select 1 from {relation} group by {columns} having count(*) > 1{''.join(nulls)}"
        return ColumnTest(name, relation, query=f"select count(*) from ({groups})")
    if kind == "relationships":
        parent = tables[_REF.findall(arguments["to"])[0]]
        return ColumnTest(
            name,
            relation,
            query=f"select count(*) from {relation} as child where child.{column} is not null and "
            f'child.{column} not in (select "{arguments["field"]}" from {parent} '
            f'where "{arguments["field"]}" is not null)',
        )
    raise ValueError(f"{name}: no way is known to run tests of the kind {kind}")


def _literal(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text.replace("'", "''") + "'"


def run_column_tests(
    work_file: Path, manifest_file: Path, models: Collection[str] | None = None
) -> list[Failure]:
    """Run every generic test on a build, or those of some models; returns those that fail, by name.

    Reads only. Raises `duckdb.Error` where a table or column of a test is not there.
    """
    tests = find_column_tests(json.loads(manifest_file.read_text(encoding="utf-8")), models)
    with duckdb.connect(str(work_file), read_only=True) as connection:
        failures = [Failure(name, rows) for name, rows in _count(connection, tests) if rows]
    return sorted(failures, key=lambda failure: failure.name)


def _count(connection: duckdb.DuckDBPyConnection, tests: list[ColumnTest]) -> Iterator[tuple[str, int]]:
    measures: dict[str, list[ColumnTest]] = defaultdict(list)
    for test in tests:
        if test.measure is not None:
            measures[test.relation].append(test)
        else:
            row = connection.execute(str(test.query)).fetchone()
            yield test.name, row[0] if row else 0
    for relation, own in measures.items():
        row = connection.execute(
            f"select {', '.join(str(test.measure) for test in own)} from {relation}"
        ).fetchone()
        yield from zip((test.name for test in own), row or (), strict=True)
