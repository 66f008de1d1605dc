"""Two builds table by table: rows added, removed and changed by key, and which columns changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from ganxun.diff.versions import Version

# They tell of runs, not of data.
SKIPPED = {("ops", "ops_run"), ("ops", "ops_check")}
# A snapshot brings every row anew: where it came from and when it landed differ each night.
NOT_COMPARED = {"as_of", "landed_at", "newest_landed_at", "batch_id", "source_file", "source_row"}
_TOLERANCE = 1e-9


class NotComparable(RuntimeError):
    """One of the builds is from before tables were listed with their keys."""


@dataclass(frozen=True)
class TableDiff:
    """What changed in one table; `columns`: rows by changed column. Without a key nothing is `changed`."""

    schema: str
    table: str
    label_zh: str
    key: list[str]
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    columns: dict[str, int]

    @property
    def is_equal(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.changed)


@dataclass(frozen=True)
class RowChange:
    """One row that differs: `added`, `removed` or `changed`, with the columns that differ (before, after)."""

    kind: str
    key: dict[str, Any]
    values: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class _Table:
    """A table that both builds have: key and compared columns with their types."""

    schema: str
    name: str
    label_zh: str
    key: list[str]
    columns: dict[str, str]

    def select(self, side: str, version: Version) -> str:
        """The table of one build, its key columns as k0, k1 …; the build's own date as null.

        The row of the business date is compared with that of the other business date.
        """
        keys = [
            f"nullif(\"{column}\", date '{version.business_date}') as k{number}" if column == "as_of"
            else f'"{column}" as k{number}'
            for number, column in enumerate(self.key)
        ]  # fmt: skip
        values = [f'"{column}"' for column in self.columns]
        listed = ", ".join([*keys, *values, "true as is_there"])
        return f'(select {listed} from {side}.{self.schema}."{self.name}") as {side[0]}'

    def joined(self, before: Version, after: Version) -> str:
        """Both builds' rows side by side, a row without its twin with nulls."""
        same = " and ".join(f"b.k{n} is not distinct from a.k{n}" for n in range(len(self.key)))
        return f"{self.select('before', before)} full join {self.select('after', after)} on {same}"

    def differs(self, column: str) -> str:
        """SQL: whether a column differs between the two rows. Binary rounding is no difference."""
        left, right = f'b."{column}"', f'a."{column}"'
        if self.columns[column] == "DOUBLE":
            return f"coalesce(abs({left} - {right}) > {_TOLERANCE}, ({left} is null) <> ({right} is null))"
        return f"({left} is distinct from {right})"


def compare_tables(connection: duckdb.DuckDBPyConnection, before: Version, after: Version) -> list[TableDiff]:
    """Every published table, by schema and name; of one that only one build has all rows are new or gone.

    Raises `NotComparable`.
    """
    listed = _list_tables(connection)
    sides = {side: _find_columns(connection, side) for side in ("before", "after")}
    found = []
    for (schema, name), (label_zh, key) in sorted(listed.items()):
        if (schema, name) in SKIPPED:
            continue
        columns = {side: sides[side].get((schema, name)) for side in sides}
        if columns["before"] is None or columns["after"] is None:
            found.append(_only_in_one(connection, schema, name, label_zh, key, columns["before"] is not None))
            continue
        table = _table(schema, name, label_zh, key, columns["before"], columns["after"])
        found.append(_compare(connection, table, before, after))
    return found


def list_changes(
    connection: duckdb.DuckDBPyConnection, before: Version, after: Version, name: str, limit: int
) -> list[RowChange]:
    """The rows of one table that differ, at most `limit` (0: all). Raises `NotComparable` without a key."""
    listed = {table: (schema, *rest) for (schema, table), rest in _list_tables(connection).items()}
    if name not in listed:
        raise NotComparable(f"no published table {name}")
    schema, label_zh, key = listed[name]
    columns = [_find_columns(connection, side).get((schema, name)) for side in ("before", "after")]
    if not key or columns[0] is None or columns[1] is None:
        raise NotComparable(f"{name} has no key, or only one of the builds has it: its rows cannot be paired")
    table = _table(schema, name, label_zh, key, columns[0], columns[1])
    marks = [f"{table.differs(column)} as d{number}" for number, column in enumerate(table.columns)]
    pairs = [f'b."{column}", a."{column}"' for column in table.columns]
    keys = [f"coalesce(b.k{number}, a.k{number})" for number in range(len(table.key))]
    differs = " or ".join(table.differs(column) for column in table.columns) or "false"
    rows = connection.execute(
        f"select b.is_there, a.is_there, {', '.join([*keys, *marks, *pairs])} "
        f"from {table.joined(before, after)} "
        f"where b.is_there is null or a.is_there is null or {differs} "
        f"order by {', '.join(keys)} {f'limit {limit}' if limit else ''}"
    ).fetchall()
    return [_row_change(table, row) for row in rows]


def _row_change(table: _Table, row: tuple[Any, ...]) -> RowChange:
    was_there, is_there, *rest = row
    keys, rest = rest[: len(table.key)], rest[len(table.key) :]
    marks, pairs = rest[: len(table.columns)], rest[len(table.columns) :]
    kind = "changed" if was_there and is_there else "removed" if was_there else "added"
    values = {
        column: (pairs[2 * number], pairs[2 * number + 1])
        for number, column in enumerate(table.columns)
        if marks[number]
    }
    return RowChange(kind, dict(zip(table.key, keys, strict=True)), values)


def _list_tables(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """Label and key of each table of the de-identified file, as the later build lists them."""
    tables: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for side in ("before", "after"):
        if ("ops", "ops_table") not in _find_columns(connection, side):
            continue
        for schema, name, label_zh, key in connection.execute(
            f"select schema_name, table_name, label_zh, key_columns from {side}.ops.ops_table "
            "where schema_name in ('marts', 'ops')"
        ).fetchall():
            tables[schema, name] = (label_zh, key.split(", ") if key else [])
    if not tables:
        raise NotComparable(
            "both builds are from before tables were listed with their keys: "
            "`ganxun run --rebuild` one of the dates"
        )
    return tables


def _find_columns(connection: duckdb.DuckDBPyConnection, side: str) -> dict[tuple[str, str], dict[str, str]]:
    columns: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and schema_name in ('marts', 'ops') order by column_index",
        [side],
    ).fetchall():
        columns.setdefault((schema, table), {})[column] = kind
    return columns


def _table(
    schema: str, name: str, label_zh: str, key: list[str], before: dict[str, str], after: dict[str, str]
) -> _Table:
    paired = key if all(column in before and column in after for column in key) else []
    compared = {
        column: kind
        for column, kind in after.items()
        if column in before and column not in NOT_COMPARED and column not in paired
    }
    return _Table(schema, name, label_zh, paired, compared)


def _only_in_one(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    name: str,
    label_zh: str,
    key: list[str],
    was_there: bool,
) -> TableDiff:
    side = "before" if was_there else "after"
    (rows,) = _one(connection, f'select count(*) from {side}.{schema}."{name}"')
    before, after = (rows, 0) if was_there else (0, rows)
    return TableDiff(schema, name, label_zh, key, before, after, after, before, 0, {})


def _compare(
    connection: duckdb.DuckDBPyConnection, table: _Table, before: Version, after: Version
) -> TableDiff:
    if not table.key:
        return _compare_bags(connection, table)
    both = "b.is_there and a.is_there"
    differing = [table.differs(column) for column in table.columns]
    counted = "".join(f", count(*) filter ({both} and {one})" for one in differing)
    any_differs = " or ".join(differing) or "false"
    rows_before, rows_after, added, removed, changed, *by_column = _one(
        connection,
        "select count(b.is_there), count(a.is_there), count(*) filter (b.is_there is null), "
        f"count(*) filter (a.is_there is null), count(*) filter ({both} and ({any_differs})){counted} "
        f"from {table.joined(before, after)}",
    )
    columns = {name: rows for name, rows in zip(table.columns, by_column, strict=True) if rows}
    ordered = dict(sorted(columns.items(), key=lambda item: (-item[1], item[0])))
    return TableDiff(
        table.schema, table.name, table.label_zh, table.key,
        rows_before, rows_after, added, removed, changed, ordered,
    )  # fmt: skip


def _compare_bags(connection: duckdb.DuckDBPyConnection, table: _Table) -> TableDiff:
    """Without a key equal rows cancel out, and what is left was added or removed."""
    listed = ", ".join(f'"{column}"' for column in table.columns)
    sides = [f'select {listed} from {side}.{table.schema}."{table.name}"' for side in ("before", "after")]
    before, after, added, removed = _one(
        connection,
        f"select (select count(*) from ({sides[0]})), (select count(*) from ({sides[1]})), "
        f"(select count(*) from ({sides[1]} except all {sides[0]})), "
        f"(select count(*) from ({sides[0]} except all {sides[1]}))",
    )
    return TableDiff(table.schema, table.name, table.label_zh, [], before, after, added, removed, 0, {})


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    if row is None:
        raise RuntimeError("an aggregate gave no row")
    return row
