"""A column is called the same wherever it stands: a label that is typed twice drifts apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from words.labels import COLUMNS, find_label, read_labels
from words.published_tables import DBT_MODELS, Column, read_tables
from yaml_files import read_yaml

CHINESE, LATIN = re.compile("[一-鿿]"), re.compile("[A-Za-z]")
Described = dict[str, dict[str, dict[str, Any]]]
Labels = dict[str, str]


def read_described() -> Described:
    """Columns of every model and seed as its YAML has them, by table."""
    files = [path for folder in ("models", "seeds") for path in (DBT_MODELS.parent / folder).rglob("*.yml")]
    tables = [
        table for path in files for kind in ("models", "seeds") for table in read_yaml(path).get(kind, [])
    ]
    return {table["name"]: {column["name"]: column for column in table["columns"]} for table in tables}


def find_repeated(described: Described, labels: Labels) -> Iterator[str]:
    """Columns whose YAML says again what the catalogue says."""
    for table, columns in described.items():
        for name, column in columns.items():
            if name in labels and find_label(name, column, {}) == labels[name]:
                yield f"{table}.{name}"


def find_homeless(described: Described, labels: Labels) -> set[str]:
    """Names of columns of several tables that the catalogue does not know."""
    tables = Counter(name for columns in described.values() for name in columns)
    return {name for name, count in tables.items() if count > 1} - labels.keys()


def find_unused(described: Described, labels: Labels) -> set[str]:
    """Lines of the catalogue whose label no table shows."""
    shown = {name for columns in described.values() for name, column in columns.items()
             if find_label(name, column, {}) is None}  # fmt: skip
    return labels.keys() - shown


def find_unnamed(tables: dict[str, dict[str, Column]]) -> list[str]:
    """Published columns that have no label in Chinese or in English."""
    return [
        f"{table}.{column.name}"
        for table, columns in tables.items()
        for column in columns.values()
        if not CHINESE.search(column.label["zh"]) or not LATIN.search(column.label["en"])
    ]


def find_out_of_order(text: str) -> list[str]:
    """Names that do not come after the one before: of two lines of one name YAML keeps the last, unsaid."""
    names = re.findall(r"^(\w+):", text, re.M)
    return [name for before, name in pairwise(names) if name <= before]


def test_a_label_stands_in_one_place() -> None:
    described, labels = read_described(), read_labels()
    assert len(described) > 200 and len(labels) > 800
    assert list(find_repeated(described, labels)) == []
    assert find_homeless(described, labels) == set()
    assert find_unused(described, labels) == set()
    assert find_out_of_order(COLUMNS.read_text(encoding="utf-8")) == []


def test_no_published_column_is_without_a_label_in_either_language() -> None:
    tables, _ = read_tables()
    assert len(tables) > 50
    assert find_unnamed(tables) == []


def test_a_table_that_means_something_else_by_a_name_says_so() -> None:
    tables, _ = read_tables()
    assert read_labels()["credited_hours"] == "认定学时"
    assert tables["fct_training"]["credited_hours"].label == {"zh": "认定学时", "en": "Credited hours"}
    assert tables["cadre_profile"]["credited_hours"].label["zh"] == "近五年计入学时"


def _said_again(described: Described, labels: Labels) -> None:
    described["fct_training"]["credited_hours"]["config"] = {"meta": {"label_zh": labels["credited_hours"]}}


def _line_lost(described: Described, labels: Labels) -> None:
    del labels["credited_hours"]


def _column_gone(described: Described, labels: Labels) -> None:
    labels["mystery"] = "谜"


def _nowhere_shown(described: Described, labels: Labels) -> None:
    for columns in described.values():
        if "credited_hours" in columns:
            columns["credited_hours"]["config"] = {"meta": {"label_zh": "学分"}}


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        (_said_again, (["fct_training.credited_hours"], set(), set())),
        (_line_lost, ([], {"credited_hours"}, set())),
        (_column_gone, ([], set(), {"mystery"})),
        (_nowhere_shown, ([], set(), {"credited_hours"})),
    ],
)
def test_a_second_home_and_a_lost_one_are_noticed(
    plant: Callable[[Described, Labels], None], expected: tuple[list[str], set[str], set[str]]
) -> None:
    described, labels = read_described(), read_labels()
    plant(described, labels)
    found = (
        list(find_repeated(described, labels)),
        find_homeless(described, labels),
        find_unused(described, labels),
    )
    assert found == expected


def test_a_name_that_stands_twice_in_the_catalogue_is_noticed() -> None:
    assert find_out_of_order("# order: of letters\nas_of: 统计日期\nscore: 成绩\nscore: 得分\n") == ["score"]
    assert find_out_of_order("score: 成绩\nas_of: 统计日期\n") == ["as_of"]


@pytest.mark.parametrize("label", [{"zh": "mystery", "en": "Mystery"}, {"zh": "谜", "en": ""}])
def test_a_column_that_only_its_name_speaks_for_is_noticed(label: dict[str, str]) -> None:
    tables = {"mart_mystery": {"mystery": Column("mystery", label, "A mystery.")}}
    assert find_unnamed(tables) == ["mart_mystery.mystery"]
