"""A published warehouse of many cities, made from one: as large as a province's, for measuring charts.

Each city is a copy with its own unit codes, unit names and cadre keys below one root; the root's rows are a
city's with all counts. Figures are therefore those of one city many times, which is all that reading them
fast or slowly depends on. Facts are left out (no chart reads one).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

# Columns by what a copy does to them, beside those that end in `_code` and belong to a unit.
CODES = ("unit_code", "parent_code", "member_code", "ancestor_code", "descendant_code", "organizer_unit_code")
LABELS = (
    *("unit_label", "unit_name", "member_label", "parent_label"),
    *("cadre_label", "serving_unit", "branch_unit"),
)
KEYS = ("cadre_key", "other_cadre_key", "person_code")
ROOT, ROOT_LABEL = "P", "全省"


def enlarge(published: Path, target: Path, cities: int) -> int:
    """Write `target`, `cities` times the cadres of the published file; returns the due cadres in it."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"attach '{published}' as city (read_only)")
        tables = connection.execute(
            """select schema_name, table_name from duckdb_tables()
            where database_name = 'city' and table_name not like 'fct_%' order by all"""
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(_copy(connection, schema, table, cities))
        if ("marts", "mart_unit_board") in tables:
            _put_cities_below_the_root(connection)
        connection.execute("detach city")
        connection.execute("checkpoint")
        if ("marts", "mart_cadre_coverage") not in tables:
            return 0
        ((due,),) = connection.execute("select count(*) from marts.mart_cadre_coverage").fetchall()
    return int(due)


def _copy(connection: duckdb.DuckDBPyConnection, schema: str, table: str, cities: int) -> str:
    columns = [
        name
        for (name,) in connection.execute(
            """select column_name from duckdb_columns()
            where database_name = 'city' and schema_name = ? and table_name = ? order by column_index""",
            [schema, table],
        ).fetchall()
    ]
    source = f'city.{schema}."{table}"'
    touched = [name for name in columns if name in (*CODES, *KEYS)]
    if not touched:
        return f'create table {schema}."{table}" as from {source}'
    copied = ", ".join(_change(name) for name in columns)
    parts = [f"select 0 as city_order, {copied} from {source}, range(1, {cities + 1}) as cities (number)"]
    at_root = {"unit_code": ROOT, "unit_label": ROOT_LABEL, "unit_name": ROOT_LABEL}
    of_root = "where unit_code = (select unit_code from city.marts.dim_unit where parent_code is null)"
    if "unit_code" in columns and "cadre_key" not in columns:
        # Figures of units: the root has one row where a city has one.
        root = ", ".join(
            f"'{at_root[name]}' as \"{name}\"" if name in at_root else f'"{name}"' for name in columns
        )
        parts.append(f"select 1 as city_order, {root} from {source} {of_root}")
    elif {"unit_code", "unit_label", "cadre_key"} <= set(columns):
        # Lists of people for each unit above them: the root lists everybody.
        root = ", ".join(
            f"'{at_root[name]}' as \"{name}\"" if name in at_root else _change(name) for name in columns
        )
        parts.append(
            f"select 1 as city_order, {root} "
            f"from {source}, range(1, {cities + 1}) as cities (number) {of_root}"
        )
    order = " order by unit_code" if "unit_code" in columns else ""
    return (
        f'create table {schema}."{table}" as select * exclude (city_order) '
        f"from ({' union all by name '.join(parts)}){order}"
    )


def _change(name: str) -> str:
    number = "lpad(cities.number::varchar, 3, '0')"
    if name in CODES:
        return f"'{ROOT}.' || {number} || '.' || \"{name}\" as \"{name}\""
    if name in LABELS:
        return f"\"{name}\" || '（' || {number} || '）' as \"{name}\""
    if name in KEYS:
        return f'"{name}" || \'-\' || {number} as "{name}"'
    return f'"{name}"'


def _put_cities_below_the_root(connection: duckdb.DuckDBPyConnection) -> None:
    """The root's list of units: one row for each city."""
    connection.execute(
        f"""delete from marts.mart_unit_board where unit_code = '{ROOT}' and member_kind <> 'total'"""
    )
    connection.execute(
        f"""insert into marts.mart_unit_board
        select * replace ('{ROOT}' as unit_code, '{ROOT_LABEL}' as unit_label, 'child' as member_kind)
        from marts.mart_unit_board
        where member_kind = 'total' and unit_code <> '{ROOT}'
            and unit_code not like '{ROOT}.___.%.%'"""
    )
