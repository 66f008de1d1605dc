"""A working warehouse as its expectations read it: table by table, and no more columns than they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

PUBLISHED_SCHEMAS = ("marts", "ops")
BATCH_ROWS = 100_000


@dataclass(frozen=True)
class Column:
    """A column of a built table."""

    schema: str
    table: str
    name: str
    data_type: str


class BuiltTables(Mapping[str, pa.Table]):
    """The tables of a work file by name, each read anew when it is asked for: one at a time in memory.

    `wanted` are the columns to read by table; other tables are there only by name. A wanted column that
    a table has not is left out: its expectations say so.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, Collection[str]]) -> None:
        """List the columns; no row is read yet."""
        self._connection = connection
        self._wanted = wanted
        self._columns = [
            Column(*row)
            for row in connection.execute(
                "select schema_name, table_name, column_name, data_type from duckdb_columns() "
                "where schema_name in ('marts', 'ops', 'restricted') "
                "order by schema_name, table_name, column_index"
            ).fetchall()
        ]

    def published_columns(self) -> dict[str, list[str]]:
        """Names of the columns of each table that readers of the de-identified file will see."""
        columns: dict[str, list[str]] = {}
        for column in self._columns:
            if column.schema in PUBLISHED_SCHEMAS:
                columns.setdefault(column.table, []).append(column.name)
        return columns

    def read_texts(self) -> Iterator[tuple[str, pa.Array]]:
        """The distinct texts of every published column, in parts, as (`table.column`, values).

        Lists of texts are opened up; of other nested values the whole text is read.
        """
        for column in self._columns:
            how = _text_of(column)
            if column.schema in PUBLISHED_SCHEMAS and how is not None:
                reader = self._connection.execute(
                    f'select distinct {how} as text from {column.schema}."{column.table}"'
                ).to_arrow_reader(BATCH_ROWS)
                for batch in reader:
                    yield f"{column.table}.{column.name}", batch.column(0)

    def __getitem__(self, table: str) -> pa.Table:
        """The wanted columns of a table."""
        wanted = self._wanted.get(table, ())
        columns = [column for column in self._columns if column.table == table]
        if not columns:
            raise KeyError(table)
        names = [f'"{column.name}"' for column in columns if column.name in wanted]
        # rows are counted even where no column is wanted
        shown = ", ".join(names) or "true as is_there"
        return self._connection.execute(f'select {shown} from {columns[0].schema}."{table}"').to_arrow_table()

    def __contains__(self, table: object) -> bool:
        """Whether the table was built, without reading it."""
        return any(column.table == table for column in self._columns)

    def __iter__(self) -> Iterator[str]:
        """Names of all tables."""
        return iter(dict.fromkeys(column.table for column in self._columns))

    def __len__(self) -> int:
        """How many tables there are."""
        return len(set(self))


def _text_of(column: Column) -> str | None:
    """SQL that gives a column's texts; None where it holds none."""
    name, kind = f'"{column.name}"', column.data_type.upper()
    if kind == "VARCHAR":
        return name
    if kind.startswith("VARCHAR[") and not kind.strip("VARCH[]"):
        return f"unnest({name}, recursive := true)"
    if any(part in kind for part in ("VARCHAR", "ENUM", "JSON", "UNION")):
        return f"cast({name} as varchar)"
    return None
