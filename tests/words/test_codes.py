"""A code has its words in the seed and nowhere else: a source of two names is looked for twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganxun.settings import PROJECT_ROOT, SOURCES
from words.codes import CODE_LABELS, name_code, read_codes

ROOMS = ("ganxun", "connectors", "expectations", "dashboards", "dags", "words")
CHINESE = re.compile("[一-鿿]")


def find_names_of_sources(text: str) -> Iterator[str]:
    """Chinese names that a module gives a source by itself."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Dict):
            if set(SOURCES) <= {key.value for key in node.keys if isinstance(key, ast.Constant)}:
                texts = [str(value.value) for value in node.values if isinstance(value, ast.Constant)]
                yield from filter(CHINESE.search, texts)
        elif isinstance(node, ast.Constant) and node.value in {name_code("source", s)["zh"] for s in SOURCES}:
            yield str(node.value)


def reads_the_seed(text: str) -> bool:
    """Whether a module opens the seed of the labels itself."""
    return any(
        isinstance(node, ast.Constant) and node.value == CODE_LABELS.name
        for node in ast.walk(ast.parse(text))
    )


def list_modules() -> list[Path]:
    # Without the simulator: the systems themselves, made up, know nothing of the seeds.
    return [path for room in ROOMS for path in (PROJECT_ROOT / room).rglob("*.py")]


def test_a_source_has_its_name_from_the_seed_wherever_it_is_told() -> None:
    texts = {path.relative_to(PROJECT_ROOT).as_posix(): path.read_text("utf-8") for path in list_modules()}
    assert len(texts) > 150
    assert {module: found for module in texts if (found := list(find_names_of_sources(texts[module])))} == {}
    assert [module for module in texts if reads_the_seed(texts[module])] == ["words/codes.py"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"NAMES = {dict.fromkeys(SOURCES, '网院')}", ["网院"] * len(SOURCES)),
        ('COLOURS = {("掌上学堂", "Mobile app"): 1}', ["掌上学堂"]),
        ('SUBJECTS = {"cadre": "Cadres · 干部", "unit": "Units · 单位"}', []),
        ('"""The online academy (干部网络学院)."""', []),
    ],
)
def test_a_name_that_a_module_keeps_for_itself_is_noticed(text: str, expected: list[str]) -> None:
    assert list(find_names_of_sources(text)) == expected


def test_a_second_reader_of_the_seed_is_noticed() -> None:
    assert reads_the_seed('open(SEEDS / "code_label.csv")')
    assert not reads_the_seed('"""Words of code_label.csv."""\n\nfrom words.codes import name_code\n')


def test_a_code_is_told_in_both_languages_and_one_without_words_as_it_is() -> None:
    assert all(name_code("source", source) != {"zh": source, "en": source} for source in SOURCES)
    assert all(CHINESE.search(name_code("source", source)["zh"]) for source in SOURCES)
    assert name_code("light", "red") == {"zh": "红灯", "en": "Red"}
    assert name_code("light", "violet") == {"zh": "violet", "en": "violet"}
    assert len(read_codes()) > 300
