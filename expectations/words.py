"""What checks mean and found, in Chinese and English, for those who read the dashboard and not the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any, NamedTuple

from expectations import older_ledgers
from expectations.suites import list_suites, load_suite
from expectations.verdicts import FIRST_ROWS, Fact

# A check that no suite writes down: a table that must be there is not (`expectations.runner`).
TABLE_IS_THERE = "table_is_there"
_TABLE_IS_THERE = ("需要的数据表齐全", "a table that is needed is there")


class Words(NamedTuple):
    """One thing in both languages."""

    zh: str
    en: str


# Everything that a check can find (`verdicts.Finding`), by its code: `{fact:how}`, with `how` of `_WRITTEN`.
# Of parts between bars those stand whose facts are there, joined by commas.
_FOUND = {
    "share": Words(
        "{judged:,} 行中有 {unexpected:,} 行（{share:.2%}），最多允许 {allowed:.2%}",
        "{unexpected:,} of {judged:,} rows ({share:.2%}), at most {allowed:.2%} allowed",
    ),
    "no_row_to_judge": Words("没有可判断的行", "no row to judge"),
    "too_few_rows": Words("{rows:,} 行，太少，不作判断", "{rows:,} rows, too few to judge"),
    "row_count": Words("{rows:,} 行", "{rows:,} rows"),
    "distinct_values": Words("{values:,} 个不同的值", "{values:,} distinct values"),
    "number": Words("{value:,.4g}", "{value:,.4g}"),
    "no_value": Words("没有值", "no value"),
    "no_number": Words("不是数字", "no number"),
    "missing_column": Words("缺少列：{columns:names}", "column missing: {columns:names}"),
    "missing_input": Words("缺少列或数据表：{names:names}", "column or table missing: {names:names}"),
    "missing_table": Words("缺少数据表", "table missing"),
    "missing_names": Words("缺少姓名表", "the tables of names are missing"),
    "not_delivered": Words(
        "本次交付中没有数据表 {tables:names}", "table {tables:names} is not in this delivery"
    ),
    "wrong_type": Words("列的类型不对", "a column has the wrong type"),
    "not_evaluated": Words("无法判断", "could not be evaluated"),
    "business_dates": Words(
        "{tables:,} 张表中有 {dates:,} 个业务日期", "{dates:,} business dates in {tables:,} tables"
    ),
    "root_counts": Words(
        "应训 {due:,}（干部合计 {due_cadres:,}）|红灯 {red:,}（干部合计 {red_cadres:,}）"
        "|黄灯 {yellow:,}（干部合计 {yellow_cadres:,}）|绿灯 {green:,}（干部合计 {green_cadres:,}）",
        "due {due:,} against {due_cadres:,} cadres|red {red:,} against {red_cadres:,} cadres"
        "|yellow {yellow:,} against {yellow_cadres:,} cadres|green {green:,} against {green_cadres:,} cadres",
    ),
    "personal_texts": Words("{places:names} 中有 {values:,} 个值", "{values:,} values in {places:names}"),
    "personal_texts_in_many": Words(
        "{places:names} 等列中有 {values:,} 个值", "{values:,} values in {places:names} and more"
    ),
    "none_found": Words("未发现", "none found"),
}
_FIRST_ROWS = Words(f"；最先的几行：{{{FIRST_ROWS}:names}}", f"; first rows: {{{FIRST_ROWS}:names}}")
# How a fact is written, and DuckDB's SQL that writes it alike, of the fact as JSON. Names are written by
# `_Writer`, the rest by Python's own formats.
_WRITTEN = {
    ",": "format('{{:,}}', try_cast({} as bigint))",
    ".2%": "format('{{:.2f}}%', 100 * try_cast({} as double))",
    ",.4g": "format('{{:,.4g}}', try_cast({} as double))",
    "names": "array_to_string(try_cast({} as varchar[]), ', ')",
}


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


def say_observed(code: str, facts: Mapping[str, Fact]) -> Words:
    """What was observed, without the rows at fault. Raises KeyError for a code that has no words."""
    return Words(*(", ".join(_write_parts(text, facts)) for text in _FOUND[code]))


def say_found(code: str, facts: Mapping[str, Fact]) -> Words:
    """What was observed, and the first rows at fault. Raises KeyError for a code that has no words."""
    observed = say_observed(code, facts)
    rows = Words(*("".join(_write_parts(text, facts)) for text in _FIRST_ROWS))
    return Words(observed.zh + rows.zh, observed.en + rows.en)


def found_sql(rows: str) -> Words:
    """DuckDB's SQL that says of rows of the ledger's table of checks what `say_found` says.

    `rows` is their alias; read are its columns `code`, `facts` (JSON), `observed` and `message`. What has no
    code is of an older ledger and is told from its sentence; so is a code that this version does not know, or
    one whose facts cannot be read.
    """
    older = Words(older_ledgers.observed_zh_sql(f"{rows}.observed"), f"{rows}.observed")
    older_rows = older_ledgers.first_rows_sql(f"{rows}.message")
    # What is damaged in the ledger costs its own words, not the night.
    facts = f"case when json_valid({rows}.facts) then {rows}.facts end"

    def select(language: int) -> str:
        cases = " ".join(
            f"when {_quote(code)} then {_parts_sql(texts[language], facts)}" for code, texts in _FOUND.items()
        )
        lead = _quote(_FIRST_ROWS[language].partition("{")[0])
        first_rows = f"coalesce({_fact_sql(facts, FIRST_ROWS, 'names')}, {older_rows})"
        observed = f"coalesce(case {rows}.code {cases} end, {older[language]})"
        return f"concat({observed}, {lead} || {first_rows})"

    return Words(select(0), select(1))


class _Writer(Formatter):
    """Writes a text's facts; of names all, with commas."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return ", ".join(value) if format_spec == "names" else str(format(value, format_spec))


def _write_parts(text: str, facts: Mapping[str, Fact]) -> Iterator[str]:
    for part in text.split("|"):
        if all(name is None or name in facts for _, name, _, _ in _Writer().parse(part)):
            yield _Writer().vformat(part, (), facts)


def _parts_sql(text: str, facts: str) -> str:
    """A part that lacks a fact is null, and stays out; a text without any part is null."""
    parts = []
    for part in text.split("|"):
        pieces = []
        for literal, name, how, _ in _Writer().parse(part):
            pieces += [_quote(literal)] if literal else []
            pieces += [_fact_sql(facts, name, how or "")] if name else []
        parts.append(" || ".join(pieces))
    return f"nullif(concat_ws(', ', {', '.join(parts)}), '')"


def _fact_sql(facts: str, name: str, how: str) -> str:
    return _WRITTEN[how].format(f"json_extract({facts}, '$.{name}')")


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
