"""The drawing of the rooms: whoever plans a change by a drawing of yesterday builds an arrow back."""

from __future__ import annotations

import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from ganxun.docs.rooms import PACKAGES, draw_rooms, find_arrows, put_rooms, read_imports, write_rooms
from ganxun.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    return find_arrows(read_imports(*PACKAGES))


def test_the_drawing_is_of_the_sources_as_they_stand() -> None:
    assert put_rooms(PAGE, draw_rooms()) == PAGE, "`.venv/bin/python -m ganxun.docs rooms` draws it anew"


def test_a_new_arrow_and_a_new_room_change_the_page(arrows: dict[str, set[str]]) -> None:
    """Otherwise the comparison above could pass on anything."""
    changed = {**arrows, "words": {"yaml_files", "ganxun.cellar"}, "ganxun.cellar": set()}
    page = put_rooms(PAGE, write_rooms(changed))
    assert "    words --> ganxun_cellar\n" in page and '        ganxun_cellar["ganxun.cellar"]\n' in page
    assert "| `words` | `ganxun.cellar`, `yaml_files` |" in page
    assert page.startswith(PAGE.split("```mermaid")[0]), "the text around it stays"


def test_every_room_and_import_is_told(arrows: dict[str, set[str]]) -> None:
    """Against what Python itself loads, which knows nothing of the drawing."""
    program = "import sys, dashboards.compiler.compile, ganxun.steps.publish; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    rooms = {name for name in loaded if name in arrows}
    assert {"connectors", "ganxun.steps", "words", "dashboards.compiler"} <= rooms
    reachable = {"dashboards.compiler", "ganxun.steps"}
    while further := {to for room in reachable for to in arrows[room]} - reachable:
        reachable |= further
    assert rooms <= reachable


def test_no_arrow_leads_back(arrows: dict[str, set[str]]) -> None:
    """Between the houses, too; and in a circle no way would be the longer one."""
    TopologicalSorter(arrows).prepare()  # raises CycleError with the circle


def test_what_a_longer_way_shows_is_in_the_table_and_not_in_the_drawing() -> None:
    rooms = write_rooms({"dags": {"words", "yaml_files"}, "words": {"yaml_files"}, "yaml_files": set()})
    assert "dags --> words" in rooms and "words --> yaml_files" in rooms
    assert "dags --> yaml_files" not in rooms
    assert "| `dags` | `words`, `yaml_files` | nothing |" in rooms
    assert "| `yaml_files` | nothing | `dags`, `words` |" in rooms
