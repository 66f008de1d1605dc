"""The marts are judged table by table and column by column, and no published text escapes the search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.privacy import Published, gather_people
from expectations.results import CheckResult
from expectations.runner import list_columns, validate
from ganxun.steps.built_tables import BuiltTables
from tests.expectations.damages import DAMAGES
from tests.expectations.good_tables import GOOD, connect_good_tables, fetch_tables, make_id_number

RESTRICTED = {"cadre_identity", "teacher_identity"}


@pytest.fixture
def work_file(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A working warehouse that holds the good tables in their schemas."""
    with duckdb.connect(str(tmp_path / "work.duckdb")) as connection:
        connection.execute("set timezone = 'Asia/Shanghai'")
        for schema in ("marts", "ops", "restricted"):
            connection.execute(f"create schema {schema}")
        good = connect_good_tables("marts")
        for table in GOOD["marts"]:
            content = good.execute(f"from {table}").to_arrow_table()  # noqa: F841 - DuckDB reads it by name
            schema = "restricted" if table in RESTRICTED else "ops" if table.startswith("ops_") else "marts"
            connection.execute(f"create table {schema}.{table} as from content")
        yield connection


def _judge(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    tables = BuiltTables(connection, list_columns("marts"))
    published = Published(tables.published_columns(), tables.read_texts, gather_people(tables))
    return validate("marts", tables, published)


def _failed(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {f"{found.table}.{found.expectation}" for found in _judge(connection) if not found.success}


def test_reading_only_what_is_needed_changes_no_result(work_file: duckdb.DuckDBPyConnection) -> None:
    whole = fetch_tables(connect_good_tables("marts"), "marts")
    results = _judge(work_file)
    assert results == validate("marts", whole)
    assert len(results) == len(DAMAGES["marts"])


def test_a_large_ledger_is_not_loaded_with_columns_that_nobody_judges(
    work_file: duckdb.DuckDBPyConnection,
) -> None:
    work_file.execute("alter table marts.fct_training add column source_comment varchar")
    wanted = list_columns("marts")
    tables = BuiltTables(work_file, wanted)
    assert "source_comment" not in tables["fct_training"].column_names
    assert set(tables["fct_training"].column_names) == wanted["fct_training"]
    assert tables["fct_training"].num_rows == 1200


@pytest.mark.parametrize(
    ("planted", "place"),
    [
        ("alter table marts.dim_topic add column remark varchar default '{}'", "dim_topic.remark"),
        ("alter table marts.dim_topic add column remarks varchar[] default ['', '{}']", "dim_topic.remarks"),
        ("alter table marts.dim_topic add column deep varchar[][] default [['{}']]", "dim_topic.deep"),
        (
            "alter table marts.dim_topic add column pair struct(a int, b varchar) "
            "default {{'a': 1, 'b': '{}'}}",
            "dim_topic.pair",
        ),
        ("create table ops.ops_new as select '{}' as found", "ops_new.found"),
        ("create table marts.mart_new as select 1 as one, 'x {} y' as found", "mart_new.found"),
    ],
)
def test_no_text_escapes_the_search_for_lack_of_an_expectation(
    work_file: duckdb.DuckDBPyConnection, planted: str, place: str
) -> None:
    work_file.execute(planted.format(make_id_number(7)))
    found = {result.expectation: result for result in _judge(work_file) if not result.success}
    assert found.keys() == {"no_id_numbers"}
    assert found["no_id_numbers"].observed.endswith(f"in {place}")


def test_a_teachers_name_is_looked_for_as_a_cadres_is(work_file: duckdb.DuckDBPyConnection) -> None:
    work_file.execute("alter table marts.dim_teacher add column label varchar")
    work_file.execute(
        "update marts.dim_teacher set label = people.name from restricted.teacher_identity as people "
        "where people.teacher_id = dim_teacher.teacher_id"
    )
    assert _failed(work_file) == {"every_table.no_column_of_names", "every_table.no_single_name"}


def test_without_the_names_nobody_says_that_there_are_none(work_file: duckdb.DuckDBPyConnection) -> None:
    work_file.execute("drop table restricted.teacher_identity")
    assert _failed(work_file) == {
        "every_table.no_column_of_names",
        "every_table.no_single_name",
        "teacher_identity.table_is_there",
    }


def test_a_lost_column_is_told_by_those_who_need_it(work_file: duckdb.DuckDBPyConnection) -> None:
    work_file.execute("alter table marts.mart_unit_coverage drop column green")
    failed = _failed(work_file)
    assert {"mart_unit_coverage.lights_add_up", "every_table.root_counts_every_due_cadre"} <= failed


def test_a_table_is_there_by_name_before_it_is_read(work_file: duckdb.DuckDBPyConnection) -> None:
    tables = BuiltTables(work_file, {})
    assert "dim_unit" in tables
    assert "dim_moon" not in tables
    assert len(tables) == len(list(tables)) == len(GOOD["marts"])
    assert tables["dim_unit"].num_rows == 10
    with pytest.raises(KeyError):
        tables["dim_moon"]
