"""Every reason that landing can give has words, in both languages, for who is asked to mend it."""

from __future__ import annotations

import csv
from string import Formatter

import pytest

from connectors.contract import load_contract
from connectors.reasons import _SENTENCES, ROW_FAULTS, Reason, list_codes
from connectors.typing_sql import rules_of
from ganxun.settings import SOURCES
from ganxun.steps.build import DBT_PROJECT
from ganxun.steps.older_reasons import find_code

SEEDS = DBT_PROJECT / "seeds"
# The sentence is shown as it is: it names the checks, or the class of an error that nobody foresaw.
WITHOUT_WORDS = {"checks_failed", "reading_failed"}
# What the build says of units (int_unit_current.sql).
OF_UNITS = {"parent_missing", "parents_form_a_cycle"}


def read_texts() -> dict[str, tuple[str, ...]]:
    """The words of each code: the fault and what to do about it, in Chinese and English."""
    with (SEEDS / "fault_text.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (row["text_zh"], row["text_en"], row["advice_zh"], row["advice_en"])
            for row in csv.DictReader(file)
        }


def say(code: str) -> Reason:
    """A reason of a code that names something everywhere."""
    names = [(name, how) for _, name, how, _ in Formatter().parse(_SENTENCES[code]) if name]
    return Reason(code, {name: 24.0 if how else "A01.csv" for name, how in names})


def test_no_reason_is_shown_to_a_unit_in_english_only() -> None:
    texts = read_texts()
    assert set(list_codes()) - set(texts) == WITHOUT_WORDS
    assert set(texts) - set(list_codes()) == OF_UNITS
    assert [code for code, words in texts.items() if not all(words)] == []


def test_every_pattern_of_an_older_ledger_has_its_place() -> None:
    """A blank in a house's own seed would end the first build on an older ledger."""
    with (SEEDS / "fault_text.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["pattern"]]
    assert len(rows) > 40
    assert [row["code"] for row in rows if not row["sort_order"].isdigit()] == []


@pytest.mark.parametrize("source", SOURCES)
def test_no_rule_of_a_contract_is_shown_to_a_unit_in_english_only(source: str) -> None:
    codes = {
        rule.reason.code for entity in load_contract(source).entities.values() for rule in rules_of(entity)
    }
    assert len(codes) > 3
    assert codes - set(read_texts()) == set()


def test_what_a_reader_could_not_take_is_said_without_a_name() -> None:
    assert all(say(code) == Reason(code) for code in ROW_FAULTS)


@pytest.mark.parametrize("code", [code for code in list_codes() if code != "reading_failed"])
def test_a_sentence_of_an_older_ledger_is_told_like_its_code(code: str) -> None:
    found = find_code(str(say(code)))
    assert found is not None
    texts = read_texts()
    assert texts.get(found) == texts.get(code)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("the row has bytes that are not UTF-8", "含有无法识别的字符"),
        ("the record has fewer fields than the header", "字段个数与表头不符"),
        ("A01.csv has 12 records, the manifest says 13", "记录数与清单不符"),
        ("A01.csv is in the manifest, but not in the zip", "文件与清单不符"),
        ("A01.csv: required column A0000 is missing", "缺少必需的列"),
        ("columns missing: A0117; columns ignored: A0178", "缺少可选列（已按空值入库）"),
        ("read as UTF-8 instead of GB18030; columns missing: A0117", "编码与约定不符（已识别）"),
        ("the file is still being written: its size changed while it was fetched", "文件仍在写入，尚未完整"),
        ("held at the gate: person 3 rows, 40 before (down 92.5%, limit 20%)", "行数骤减，待人工确认"),
        ("same content as academy/20260629/records-0001.ndjson.gz", "与已入库文件内容相同"),
        ("below 0 or above 24", "数值超出允许范围"),
        ("the parents form a cycle", "上下级单位互为上级"),
    ],
)
def test_a_fault_of_an_older_ledger_is_told_as_what_it_is(sentence: str, text: str) -> None:
    assert read_texts()[find_code(sentence) or ""][0] == text


def test_a_sentence_that_nobody_wrote_has_no_code() -> None:
    assert find_code("something new") is None


def test_every_entity_that_is_delivered_has_a_name() -> None:
    with (SEEDS / "code_label.csv").open(encoding="utf-8", newline="") as file:
        named = {row["code"] for row in csv.DictReader(file) if row["code_list"] == "entity"}
    delivered = {entity for source in SOURCES for entity in load_contract(source).entities}
    assert delivered - named == set()
