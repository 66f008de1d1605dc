"""Every reason that landing can give has words, in both languages, for who is asked to mend it."""

from __future__ import annotations

import csv
import fnmatch

import pytest

from connectors import ndjson
from connectors.academic import database
from connectors.cadre import reader
from connectors.contract import load_contract
from connectors.typing_sql import rules_of
from ganxun.settings import SOURCES
from ganxun.steps.build import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds"


def read_patterns() -> dict[str, str]:
    """Chinese text by pattern."""
    with (SEEDS / "fault_text.csv").open(encoding="utf-8", newline="") as file:
        return {row["pattern"]: row["text_zh"] for row in csv.DictReader(file)}


def find_texts(reason: str) -> set[str]:
    """Texts of all patterns that a reason is like."""
    return {
        text for like, text in read_patterns().items() if fnmatch.fnmatchcase(reason, like.replace("%", "*"))
    }


@pytest.mark.parametrize("source", SOURCES)
def test_no_rule_of_a_contract_is_shown_to_a_unit_in_english_only(source: str) -> None:
    reasons = {rule.reason for entity in load_contract(source).entities.values() for rule in rules_of(entity)}
    assert len(reasons) > 3
    assert {reason for reason in reasons if len(find_texts(reason)) != 1} == set()


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (database._NOT_UTF8, "含有无法识别的字符"),
        (reader._UNDECODABLE_FAULT, "含有无法识别的字符"),
        (ndjson._NOT_UTF8, "含有无法识别的字符"),
        ("the record has fewer fields than the header", "字段个数与表头不符"),
        ("A01.csv has 12 records, the manifest says 13", "记录数与清单不符"),
        ("A01.csv is in the manifest, but not in the zip", "文件与清单不符"),
        ("A01.csv is not in the manifest", "文件与清单不符"),
        ("A01.csv: required column A0000 is missing", "缺少必需的列"),
        ("columns missing: A0117; columns ignored: A0178", "缺少可选列（已按空值入库）"),
        ("the file is still being written: its size changed while it was fetched", "文件仍在写入，尚未完整"),
        ("held at the gate: person 3 rows, 40 before (down 92.5%, limit 20%)", "行数骤减，待人工确认"),
        ("its bytes are no longer in the landing zone", "原始文件已不在落地区"),
        ("same content as academy/20260629/records-0001.ndjson.gz", "与已入库文件内容相同"),
    ],
)
def test_a_fault_of_a_file_is_told_as_what_it_is(reason: str, text: str) -> None:
    assert find_texts(reason) == {text}


def test_every_entity_that_is_delivered_has_a_name() -> None:
    with (SEEDS / "code_label.csv").open(encoding="utf-8", newline="") as file:
        named = {row["code"] for row in csv.DictReader(file) if row["code_list"] == "entity"}
    delivered = {entity for source in SOURCES for entity in load_contract(source).entities}
    assert delivered - named == set()
