"""What checks mean and found, in Chinese and English, for those who read the dashboard and not the log."""

from __future__ import annotations

from typing import NamedTuple

from expectations.suites import list_suites, load_suite

# A check that no suite writes down: a table that must be there is not (`expectations.runner`).
TABLE_IS_THERE = "table_is_there"
_TABLE_IS_THERE = ("需要的数据表齐全", "a table that is needed is there")

# What is observed (`Verdict.observed`) as a pattern of RE2, and in Chinese. What fits none stays as it is: a
# bare number, or the words of an older version.
_OBSERVED_ZH = (
    (
        r"([\d,]+) of ([\d,]+) rows \(([\d.]+%)\), at most ([\d.]+%) allowed",
        r"\2 行中有 \1 行（\3），最多允许 \4",
    ),
    (r"([\d,]+) rows, too few to judge", r"\1 行，太少，不作判断"),
    (r"([\d,]+) rows", r"\1 行"),
    (r"([\d,]+) distinct values", r"\1 个不同的值"),
    (r"([\d,]+) business dates in ([\d,]+) tables", r"\2 张表中有 \1 个业务日期"),
    (r"([\d,]+) values in (.*) and more", r"\2 等列中有 \1 个值"),
    (r"([\d,]+) values in (.*)", r"\2 中有 \1 个值"),
    (r"table (.*) is not in this delivery", r"本次交付中没有数据表 \1"),
    (r"column missing: (.*)", r"缺少列：\1"),
    (r"column or table missing: (.*)", r"缺少列或数据表：\1"),
    (r"no row to judge", "没有可判断的行"),
    (r"no value", "没有值"),
    (r"no number", "不是数字"),
    (r"none found", "未发现"),
    (r"a column has the wrong type", "列的类型不对"),
    (r"could not be evaluated", "无法判断"),
    (r"table missing", "缺少数据表"),
    (r"the tables of names are missing", "缺少姓名表"),
)
# Parts of what is observed, of which there can be several.
_PARTS_ZH = tuple(
    (rf"\b{code} ([\d,]+) against ([\d,]+) cadres", rf"{label} \1（干部合计 \2）")
    for code, label in {"due": "应训", "red": "红灯", "yellow": "黄灯", "green": "绿灯"}.items()
)


class Meaning(NamedTuple):
    """What a check of a table says, in both languages."""

    suite: str
    table_name: str
    expectation: str
    meaning: str
    meaning_en: str


def list_meanings() -> list[Meaning]:
    """The meaning of every check of every suite; one for each suite, table and check."""
    found = []
    for suite in list_suites():
        for table in load_suite(suite).tables.values():
            found.append(Meaning(suite, table.table, TABLE_IS_THERE, *_TABLE_IS_THERE))
            found += [
                Meaning(suite, table.table, rule.name, rule.meaning_zh, rule.meaning) for rule in table.rules
            ]
    return found


def observed_zh_sql(column: str) -> str:
    """DuckDB's SQL that puts what was observed, in a column of text, into Chinese."""
    sql = column
    for pattern, words in (*((f"^{pattern}$", words) for pattern, words in _OBSERVED_ZH), *_PARTS_ZH):
        sql = f"regexp_replace({sql}, '{pattern}', '{words}', 'g')"
    return sql
