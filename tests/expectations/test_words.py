"""What checks say in Chinese on the dashboard: every rule, and everything that can be observed."""

from __future__ import annotations

import re

import duckdb
import pytest

from expectations.runner import validate_suite
from expectations.suites import EVERY_TABLE, load_suite, parse_suite
from expectations.words import list_meanings, observed_zh_sql
from tests.expectations.good_tables import connect_good_tables, fetch_tables

HAN = re.compile("[一-鿿]")
# Identifiers are the same in both languages.
LATIN_WORD = re.compile(r"(?<![\w.])[A-Za-z]{2,}(?![\w.])")


def in_chinese(observed: str) -> str:
    (found,) = (
        duckdb.execute(f"select {observed_zh_sql('o')} from (select ? as o)", [observed]).fetchone() or ()
    )
    return str(found)


def test_every_check_says_in_chinese_what_must_hold() -> None:
    meanings = list_meanings()
    assert len({(each.suite, each.table_name, each.expectation) for each in meanings}) == len(meanings) > 300
    assert [each for each in meanings if not HAN.search(each.meaning) or HAN.search(each.meaning_en)] == []
    assert [each for each in meanings if LATIN_WORD.search(each.meaning)] == []


@pytest.mark.parametrize("suite", ["marts", "academic", "mobile"])
def test_what_good_tables_show_is_said_in_chinese(suite: str) -> None:
    results = validate_suite(load_suite(suite), fetch_tables(connect_good_tables(suite), suite))
    said = {in_chinese(result.observed) for result in results}
    assert [text for text in said if LATIN_WORD.search(text)] == []
    assert any(HAN.search(text) for text in said)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ("3 of 1,400 rows (0.21%), at most 0.00% allowed", "1,400 行中有 3 行（0.21%），最多允许 0.00%"),
        ("12 rows, too few to judge", "12 行，太少，不作判断"),
        ("14,748 rows", "14,748 行"),
        ("1 distinct values", "1 个不同的值"),
        ("2 business dates in 31 tables", "31 张表中有 2 个业务日期"),
        ("7 values in dim_unit.unit_name and more", "dim_unit.unit_name 等列中有 7 个值"),
        ("7 values in dim_unit.unit_name", "dim_unit.unit_name 中有 7 个值"),
        ("table users is not in this delivery", "本次交付中没有数据表 users"),
        ("column missing: hours", "缺少列：hours"),
        ("column or table missing: due", "缺少列或数据表：due"),
        ("due 3 against 4 cadres, red 1 against 2 cadres", "应训 3（干部合计 4）, 红灯 1（干部合计 2）"),
        ("84.04", "84.04"),
    ],
)
def test_what_was_observed_is_said_in_chinese(observed: str, expected: str) -> None:
    assert in_chinese(observed) == expected


def test_a_damaged_delivery_is_told_in_chinese() -> None:
    rules = {"name": "n", "severity": "critical", "meaning": "m", "meaning_zh": "意"}
    table = {
        "required": True,
        "expectations": [rules | {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "x"}}],
    }
    suite = parse_suite(
        "s",
        {
            "t": table,
            EVERY_TABLE: {"expectations": [rules | {"type": "check_no_names", "kwargs": {"share": 0.1}}]},
        },
    )
    for tables in (
        {},
        {"t": duckdb.sql("select 1 as y").to_arrow_table()},
        {"t": duckdb.sql("select 'a' as x").to_arrow_table()},
    ):
        for result in validate_suite(suite, tables):
            assert not result.success
            assert HAN.search(in_chinese(result.observed)), result.observed
            assert not LATIN_WORD.search(in_chinese(result.observed)), result.observed
