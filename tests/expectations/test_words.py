"""What checks say in Chinese on the dashboard: every rule, and everything that can be observed."""

from __future__ import annotations

import json
import re

import duckdb
import pytest

from expectations.results import CheckResult
from expectations.runner import validate_suite
from expectations.suites import EVERY_TABLE, load_suite, parse_suite
from expectations.words import _FOUND, Words, found_sql, list_meanings, say_found
from tests.expectations.good_tables import connect_good_tables, fetch_tables

HAN = re.compile("[一-鿿]")
# Identifiers are the same in both languages.
LATIN_WORD = re.compile(r"(?<![\w.])[A-Za-z]{2,}(?![\w.])")


# What can be found, in both languages; nothing else can be (`test_nothing_can_be_found_that_has_no_words`).
FOUND = [
    (
        "share",
        {"unexpected": 3, "judged": 1400, "share": 3 / 1400, "allowed": 0.0},
        "1,400 行中有 3 行（0.21%），最多允许 0.00%",
        "3 of 1,400 rows (0.21%), at most 0.00% allowed",
    ),
    (
        "share",
        {"unexpected": 2, "judged": 3, "share": 2 / 3, "allowed": 0.5, "first_rows": ["4", "(hidden)"]},
        "3 行中有 2 行（66.67%），最多允许 50.00%；最先的几行：4, (hidden)",
        "2 of 3 rows (66.67%), at most 50.00% allowed; first rows: 4, (hidden)",
    ),
    ("no_row_to_judge", {}, "没有可判断的行", "no row to judge"),
    ("too_few_rows", {"rows": 12}, "12 行，太少，不作判断", "12 rows, too few to judge"),
    ("row_count", {"rows": 14748}, "14,748 行", "14,748 rows"),
    ("distinct_values", {"values": 1}, "1 个不同的值", "1 distinct values"),
    ("number", {"value": 84.04}, "84.04", "84.04"),
    ("number", {"value": 1234.56}, "1,235", "1,235"),
    ("number", {"value": 123456.0}, "1.235e+05", "1.235e+05"),
    ("no_value", {}, "没有值", "no value"),
    ("no_number", {}, "不是数字", "no number"),
    ("missing_column", {"columns": ["due", "hours"]}, "缺少列：due, hours", "column missing: due, hours"),
    ("missing_input", {"names": ["due"]}, "缺少列或数据表：due", "column or table missing: due"),
    ("missing_table", {}, "缺少数据表", "table missing"),
    ("missing_names", {}, "缺少姓名表", "the tables of names are missing"),
    (
        "not_delivered",
        {"tables": ["users"]},
        "本次交付中没有数据表 users",
        "table users is not in this delivery",
    ),
    ("wrong_type", {}, "列的类型不对", "a column has the wrong type"),
    ("not_evaluated", {}, "无法判断", "could not be evaluated"),
    (
        "business_dates",
        {"dates": 2, "tables": 31},
        "31 张表中有 2 个业务日期",
        "2 business dates in 31 tables",
    ),
    (
        "root_counts",
        {"due": 3, "due_cadres": 4, "red": 1, "red_cadres": 2},
        "应训 3（干部合计 4）, 红灯 1（干部合计 2）",
        "due 3 against 4 cadres, red 1 against 2 cadres",
    ),
    (
        "root_counts",
        {"yellow": 1000, "yellow_cadres": 0, "green": 1, "green_cadres": 2},
        "黄灯 1,000（干部合计 0）, 绿灯 1（干部合计 2）",
        "yellow 1,000 against 0 cadres, green 1 against 2 cadres",
    ),
    (
        "personal_texts",
        {"values": 7, "places": ["dim_unit.unit_name"]},
        "dim_unit.unit_name 中有 7 个值",
        "7 values in dim_unit.unit_name",
    ),
    (
        "personal_texts_in_many",
        {"values": 9, "places": ["a.b", "a.c"]},
        "a.b, a.c 等列中有 9 个值",
        "9 values in a.b, a.c and more",
    ),
    ("none_found", {}, "未发现", "none found"),
]


def tell(code: str | None, facts: str | None, observed: str, message: str = "") -> tuple[str, str]:
    """What the dashboard says of a row of the ledger, in Chinese and English."""
    (found,) = duckdb.execute(
        "select {0.zh}, {0.en} from (select ? as code, ? as facts, ? as observed, ? as message) as r".format(
            found_sql("r")
        ),
        [code, facts, observed, message],
    ).fetchall()
    return found


def in_chinese(result: CheckResult) -> str:
    return tell(result.code, json.dumps(result.facts), result.observed, result.message)[0]


def test_every_check_says_in_chinese_what_must_hold() -> None:
    meanings = list_meanings()
    assert len({(each.suite, each.table_name, each.expectation) for each in meanings}) == len(meanings) > 300
    assert [each for each in meanings if not HAN.search(each.meaning) or HAN.search(each.meaning_en)] == []
    assert [each for each in meanings if LATIN_WORD.search(each.meaning)] == []


@pytest.mark.parametrize("suite", ["marts", "academic", "mobile"])
def test_what_good_tables_show_is_said_in_chinese(suite: str) -> None:
    results = validate_suite(load_suite(suite), fetch_tables(connect_good_tables(suite), suite))
    said = {in_chinese(result) for result in results}
    assert [text for text in said if LATIN_WORD.search(text)] == []
    assert any(HAN.search(text) for text in said)


@pytest.mark.parametrize(("code", "facts", "zh", "en"), FOUND)
def test_what_was_found_is_said_alike_on_the_dashboard_and_in_the_log(
    code: str, facts: dict, zh: str, en: str
) -> None:
    assert say_found(code, facts) == Words(zh, en)
    assert tell(code, json.dumps(facts, ensure_ascii=False), "not looked at") == (zh, en)


def test_nothing_can_be_found_that_has_no_words() -> None:
    assert {code for code, *_ in FOUND} == set(_FOUND)


@pytest.mark.parametrize(("zh", "en"), [found[2:] for found in FOUND])
def test_a_sentence_of_an_older_ledger_is_still_told_in_chinese(zh: str, en: str) -> None:
    observed = en.partition("; first rows: ")[0]
    assert tell(None, None, observed, f"t.c is not as expected: … (found: {en}).") == (zh, en)


def test_what_a_newer_version_found_is_shown_as_it_stands_and_not_dropped() -> None:
    assert tell("of_tomorrow", "{}", "3 things") == ("3 things", "3 things")


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
            assert HAN.search(in_chinese(result)), result.observed
            assert not LATIN_WORD.search(in_chinese(result)), result.observed
