"""What the access tests need beside the sample warehouse: the tree of units, rows of single cadres, names."""

from __future__ import annotations

from pathlib import Path

import duckdb

from words.published_tables import read_tables

SECRET_NAME = "欧阳不外传"
SECRET_KEY = "cadre-key-of-somebody-elsewhere"

WAREHOUSE = f"""
create table marts.dim_unit as
    select unit_code, any_value(unit_name) as unit_name, any_value(parent_code) as parent_code,
        any_value(level) as level from marts.mart_unit_coverage group by unit_code;
-- Of the units that are above or below others; the dissolved office has nobody and no rows.
create table marts.dim_unit_closure as
    select a.unit_code as ancestor_code, d.unit_code as descendant_code, (d.level - a.level)::bigint as depth
    from marts.dim_unit as a join marts.dim_unit as d
        on d.unit_code = a.unit_code or starts_with(d.unit_code, a.unit_code || '.');
create table marts.mart_cadre_coverage as
    select '{SECRET_KEY}' || unit_code as cadre_key, unit_code, 'red' as light, 1.0 as credited_hours
    from marts.dim_unit;
create table marts.fct_training as
    select '{SECRET_KEY}' as cadre_key, 'off_job' as mode, 1.0 as credited_hours;
"""
RESTRICTED = f"""
create schema restricted;
create table restricted.cadre_identity as
    select '{SECRET_KEY}' as cadre_key, 'P1' as person_code, '{SECRET_NAME}' as name, '001.007' as unit_code;
"""


def add_access_tables(data_dir: Path) -> None:
    """Add the tables to the published sample, and publish a restricted file beside it.

    Each table gets every column that dbt describes (empty where the sample has none): samples and drills ask
    for all of them.
    """
    published = data_dir / "published"
    with duckdb.connect(str((published / "warehouse.duckdb").resolve())) as connection:
        connection.execute(WAREHOUSE)
        _add_described_columns(connection)
    target = published / "versions" / "restricted-one.duckdb"
    with duckdb.connect(str(target)) as connection:
        connection.execute(RESTRICTED)
        _add_described_columns(connection)
    target.chmod(0o600)
    (published / "warehouse_restricted.duckdb").symlink_to(target.relative_to(published))


def _add_described_columns(connection: duckdb.DuckDBPyConnection) -> None:
    described, _ = read_tables()
    held = connection.execute(
        """select schema_name, table_name, list(column_name)
        from duckdb_columns() where not internal group by all"""
    ).fetchall()
    for schema, table, columns in held:
        for column in described[table].keys() - set(columns):
            connection.execute(f'alter table {schema}.{table} add column "{column}" varchar')
