"""What the runner promises whatever it is given: no exceptions, no personal data, no silence."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import date, datetime

import pyarrow as pa
import pytest

from expectations.id_numbers import are_valid
from expectations.results import describe_row, find_blocking
from expectations.runner import list_suites, list_tables, validate, validate_suite
from expectations.suites import SuiteError, load_suite, parse_suite
from tests.expectations.good_tables import connect_good_tables, damaged, fetch_tables, make_id_number

NAME = "欧阳测试"
ID_NUMBER = make_id_number(7)
RULE = {
    "name": "n",
    "type": "expect_column_values_to_be_unique",
    "severity": "warning",
    "meaning": "m",
    "meaning_zh": "意",
}


def _good(suite: str) -> dict[str, pa.Table]:
    return fetch_tables(connect_good_tables(suite), suite)


@pytest.mark.parametrize("suite", list_suites())
def test_a_night_without_news_fails_nothing_but_what_must_not_be_empty(suite: str) -> None:
    empty = {table: content.slice(0, 0) for table, content in _good(suite).items()}
    failed = {
        f"{result.table}.{result.expectation}" for result in validate(suite, empty) if not result.success
    }
    assert (
        failed
        == {
            "cadre": {
                "unit.units_are_delivered",
                "person.people_are_delivered",
                "post.posts_are_delivered",
            },
            "academic": {
                "institution.institutions_are_delivered",
                "training_class.classes_are_delivered",
                "enrollment.enrollments_are_delivered",
            },
            "academy": set(),
            "mobile": set(),
            "marts": {
                "dim_unit.units_are_there",
                "fct_training.rows_are_there",
                "mart_cadre_coverage.cadres_are_there",
                "mart_unit_coverage.rows_are_there",
            },
        }[suite]
    )


def test_an_empty_delta_says_that_it_was_empty() -> None:
    results = validate("mobile", {"statements": _good("mobile")["statements"].slice(0, 0)})
    assert {result.observed for result in results} == {"0 rows"}


def test_a_delta_of_one_dirty_row_is_not_held_back_by_its_shares() -> None:
    with damaged("academy", "update records set study_seconds = 99999999") as tables:
        one = tables["records"].slice(0, 1)
    assert find_blocking(validate("academy", {"records": one})) == []


@pytest.mark.parametrize("suite", ["cadre", "academic", "academy", "mobile"])
def test_a_lost_column_is_told_and_not_raised(suite: str) -> None:
    # names are there for the privacy test; the others only help to find a row
    unused = {"a0101", "name", "real_name", "_source_row", "_business_date", "rows_superseded"}
    unused |= {"entity", "rows_loaded", "previous_rows_loaded"} if suite in ("academy", "mobile") else set()
    for table, content in _good(suite).items():
        for column in set(content.column_names) - unused if table in list_tables(suite) else ():
            blocked = find_blocking(validate(suite, {table: content.drop_columns([column])}))
            assert [r for r in blocked if f"column missing: {column}" in r.message], f"{table}.{column}"


def test_a_lost_column_of_a_mart_keeps_last_nights_warehouse_published() -> None:
    tables = _good("marts")
    tables["mart_unit_coverage"] = tables["mart_unit_coverage"].drop_columns(["green"])
    blocked = {r.expectation for r in find_blocking(validate("marts", tables))}
    assert {"lights_add_up", "effective_coverage_is_green", "root_counts_every_due_cadre"} <= blocked


def test_a_column_of_the_wrong_type_blocks_instead_of_passing() -> None:
    tables = _good("cadre")
    people = tables["person"]
    index = people.schema.get_field_index("a0107")
    wrong = people.set_column(index, "a0107", pa.array(["很久以前"] * people.num_rows))
    (result,) = find_blocking(validate("cadre", tables | {"person": wrong}))
    assert result.expectation == "ages_are_those_of_adults"
    assert "很久" not in result.message


def test_a_missing_mart_keeps_last_nights_warehouse_published() -> None:
    tables = _good("marts")
    del tables["mart_cadre_coverage"]
    blocked = {(result.table, result.expectation) for result in find_blocking(validate("marts", tables))}
    assert ("mart_cadre_coverage", "table_is_there") in blocked


def test_a_workbook_is_not_held_back_for_lack_of_database_tables() -> None:
    tables = {name: table for name, table in _good("academic").items() if name.startswith("backfill")}
    results = validate("academic", tables)
    assert results
    assert find_blocking(results) == []


@pytest.mark.parametrize("suite", list_suites())
def test_no_name_and_no_id_number_reaches_a_result_or_a_log(
    suite: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    # Twice: a name in every text of every table, keys and row ids too, then an ID number.
    for planted in (NAME, ID_NUMBER):
        tables = {table: _plant(content, planted) for table, content in _good(suite).items()}
        with caplog.at_level(logging.DEBUG):
            results = validate(suite, tables)
        assert not all(result.success for result in results)
        shown = capfd.readouterr()
        texts = [str(result) for result in results] + [caplog.text, shown.out, shown.err]
        assert not [text for text in texts if planted in text]


def _plant(table: pa.Table, planted: str) -> pa.Table:
    for index, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            table = table.set_column(index, column.name, pa.array([planted] * table.num_rows, pa.string()))
    return table


def test_the_oldest_persons_birthday_is_not_told() -> None:
    oldest = RULE | {
        "type": "expect_column_min_to_be_between",
        "kwargs": {"column": "a0107", "min_value": datetime(1990, 1, 1)},  # noqa: DTZ001 - a day
    }
    suite = parse_suite("s", {"person": {"expectations": [oldest]}})
    (result,) = validate_suite(suite, _good("cadre"))
    assert not result.success
    assert result.severity == "warning"
    assert "1980" not in str(result)


def test_a_persons_rows_are_named_by_number_and_never_by_id_number() -> None:
    assert [describe_row(row) for row in (17, "academic:E12/K3", NAME, ID_NUMBER, f"x/{ID_NUMBER}")] == [
        "17",
        "academic:E12/K3",
        "(hidden)",
        "(hidden)",
        "(hidden)",
    ]


def test_the_rows_at_fault_can_be_found_in_the_source_file() -> None:
    with damaged("cadre", "update person set a0000 = 'P3' where _source_row = 9") as tables:
        failed = [result for result in validate("cadre", tables) if not result.success]
    (double,) = [result for result in failed if result.expectation == "person_codes_are_unique"]
    assert double.unexpected_rows == ("5", "9")
    assert double.observed == "2 of 200 rows (1.00%), at most 0.00% allowed"
    assert double.message == (
        "person.a0000 is not as expected: a person's code stands once in a snapshot, or else that cadre is"
        " counted twice (found: 2 of 200 rows (1.00%), at most 0.00% allowed; first rows: 5, 9)."
    )


def test_a_million_bad_rows_do_not_stall_the_night() -> None:
    rows = 20_000
    table = pa.table(
        {
            "_source_row": range(2, rows + 2),
            "_business_date": pa.array([date(2026, 6, 30)] * rows),
            "rating_id": [f"G{number}" for number in range(rows)],
            "score": pa.array([5.0] * rows),
        }
    )
    table = table.set_column(2, "rating_id", pa.array(["G1"] * rows))
    results = {result.expectation: result for result in validate("academy", {"ratings": table})}
    assert results["rating_ids_are_unique"].unexpected_count == rows
    assert len(results["rating_ids_are_unique"].unexpected_rows) == 5


def test_long_numeric_keys_of_another_system_do_not_stop_publishing() -> None:
    tables = _good("marts")
    ledger = tables["fct_training"]
    keys = [f"{175_928_847_299_117_063 + 7919 * number}" for number in range(ledger.num_rows)]
    # seven in a thousand hold a day by chance
    keys[::150] = [make_id_number(number) for number in range(len(keys[::150]))]
    index = ledger.schema.get_field_index("source_record_id")
    tables["fct_training"] = ledger.set_column(index, "source_record_id", pa.array(keys))
    assert find_blocking(validate("marts", tables)) == []


def test_an_unhashed_key_is_not_published() -> None:
    tables = _good("marts")
    cadres = tables["dim_cadre"]
    numbers = pa.array([make_id_number(number) for number in range(cadres.num_rows)])
    tables["dim_cadre"] = cadres.set_column(cadres.schema.get_field_index("cadre_key"), "cadre_key", numbers)
    blocked = {result.expectation: result for result in find_blocking(validate("marts", tables))}
    assert "dim_cadre.cadre_key" in blocked["no_id_numbers"].observed


def test_a_mistyped_suite_is_refused_before_a_night_relies_on_it() -> None:
    for wrong in ({"severity": "grave"}, {"serverity": "warning"}, {"type": "check_no_names"}):
        with pytest.raises(SuiteError):
            parse_suite("s", {"t": {"expectations": [RULE | wrong]}})
    with pytest.raises(SuiteError):
        parse_suite("s", {"t": {"expectations": [RULE, RULE]}})
    with pytest.raises(SuiteError):
        parse_suite("s", {"t": {"expectations": [{k: v for k, v in RULE.items() if k != "meaning"}]}})
    with pytest.raises(SuiteError, match="lacks meaning_zh"):
        parse_suite("s", {"t": {"expectations": [{k: v for k, v in RULE.items() if k != "meaning_zh"}]}})
    with pytest.raises(SuiteError):
        load_suite("nonsense")


def test_a_caller_learns_which_tables_a_suite_knows() -> None:
    assert list_tables("mobile") == ("statements", "batch")
    assert "every_table" not in list_tables("marts")


def test_a_wrong_check_digit_or_day_is_no_valid_id_number() -> None:
    good = make_id_number(7)
    last = "0" if good[-1] != "0" else "1"
    numbers = [
        good,
        f" {good} ",
        good[:17] + last,
        "519900199002301234",
        "000000000000000000",
        "519900900101123",
        "519900901301123",
        "X",
        None,
    ]
    found = are_valid(pa.chunked_array([numbers, numbers[:1]])).to_pylist()
    assert found == [True, True, False, False, False, True, False, False, None, True]


def test_great_expectations_own_log_lines_reach_nobody() -> None:
    """They can quote the data, and some of its loggers have levels of their own."""
    program = """
import logging
logging.basicConfig(level=logging.DEBUG)
import pyarrow as pa
from expectations.runner import validate
assert validate("mobile", {"statements": pa.table({"id": ["a"], "_source_row": [1]})})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "great_expectations" not in done.stderr
