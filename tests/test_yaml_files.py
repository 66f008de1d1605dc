"""YAML is read once and in C: a command that waits for a parser is a command that nobody uses."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import yaml_files
from yaml_files import parse_yaml, read_yaml, write_yaml

WAREHOUSE = {"warehouse": Path("/published/warehouse.duckdb")}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text is parsed, from an empty memory on."""
    counted: Counter[str] = Counter()
    load = yaml.load

    def counting(text: str, Loader: Any) -> Any:
        assert Loader is yaml.CSafeLoader, "seven times slower, or not safe"
        counted[text] += 1
        return load(text, Loader=Loader)

    yaml_files._parse.cache_clear()
    monkeypatch.setattr(yaml, "load", counting)
    return counted


def test_no_command_waits_for_the_same_file_to_be_parsed_twice(parsed: Counter[str]) -> None:
    from dashboards.compiler import offline_check
    from dashboards.compiler.bundle import contents_for_import, fingerprint
    from dashboards.compiler.compile import compile_files
    from dashboards.compiler.sources import read_sources
    from ganxun.downloads.write import find_table, make_headings

    files = compile_files(read_sources())
    fingerprint(files, WAREHOUSE)
    contents_for_import(files, WAREHOUSE)
    assert offline_check.main() == 0
    find_table("mart_unit_board", restricted=False)
    make_headings(["member_code"], "mart_unit_board", "zh")
    assert len(parsed) > 100
    assert {text[:60]: times for text, times in parsed.items() if times > 1} == {}


def test_who_changes_what_he_read_does_not_change_it_for_others(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("charts: {due: {table: board}}", encoding="utf-8")
    del read_yaml(path)["charts"]["due"]
    assert read_yaml(path) == {"charts": {"due": {"table": "board"}}}


def test_a_changed_file_of_the_same_size_and_second_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for hours in (40, 50):
        path.write_text(f"hours: {hours}", encoding="utf-8")
        assert read_yaml(path) == {"hours": hours}


def test_no_document_makes_objects_of_its_own() -> None:
    with pytest.raises(yaml.YAMLError):
        parse_yaml("!!python/object/apply:os.getcwd []")


def test_what_is_written_is_read_by_people_and_comes_back() -> None:
    content = {"label": "有效覆盖", "code": "001", "when": "2026-06-30", "none": None, "on": "on"}
    text = write_yaml(content, sort_keys=False)
    assert "有效覆盖" in text and text.startswith("label")
    assert parse_yaml(text) == content
