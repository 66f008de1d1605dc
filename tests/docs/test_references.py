"""Documents true to the letter: whoever follows a page to a file that is gone stops trusting the page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ganxun.settings import PROJECT_ROOT
from tests.docs.references import (
    Repository,
    find_anchors,
    find_dead_links,
    find_dead_modules,
    find_dead_names,
    find_dead_paths,
    find_dead_targets,
    find_idle_patterns,
    find_links,
)

Finder = Callable[[Repository], list[str]]
FINDERS = (
    *(find_dead_links, find_dead_paths, find_dead_names),
    *(find_dead_modules, find_dead_targets, find_idle_patterns),
)
READMES = ("README.md", "README.zh-CN.md")


@pytest.fixture(scope="module")
def repository() -> Repository:
    return Repository(PROJECT_ROOT)


@pytest.mark.parametrize("find", FINDERS)
def test_nothing_that_is_written_leads_nowhere(find: Finder, repository: Repository) -> None:
    assert len(repository.texts) > 1000 and len(repository.modules) > 300
    assert find(repository) == []


# A small repository in which everything that is named is there; of each kind something to name.
SOUND = {
    "README.md": "# Small\n[page](docs/page.md#the-one-heading) [up](#small) ![light](docs/light.png)\n"
    "See `rooms/door.py`, `door.py`, `rooms.door.open_it`, data/landing/x, docs/decisions/0001, `make run`.\n"
    "[elsewhere](https://example.org/none) `[no](link.md)`\n\n    make run P=2\n",
    "docs/page.md": "## The `one` heading\n[back](../README.md) rooms/<name>/door.py\n",
    "docs/light.png": "",
    "docs/decisions/0001-doors.md": "# 0001\n",
    "rooms/__init__.py": '"""Rooms: docs/page.md."""\n',
    "rooms/door.py": "# As rooms.door in docs/page.md.\ndef open_it() -> str:\n    return 'docs/page.md'\n",
    "tests/test_door.py": "PLANTED = 'rooms/gone.py'  # docs/page.md\n",
    "Makefile": "run: ## docs/page.md\n\tpython -m rooms.door\n",
    ".gitignore": "data/landing/\n",
    "data/README.md": "",
    "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
    '[tool.ruff]\nextend-exclude = ["data/landing"]\n[tool.ruff.lint.per-file-ignores]\n"tests/**" = ["S"]\n',
    ".pre-commit-config.yaml": "repos:\n- hooks:\n  - {id: doors, entry: -m rooms.door, files: ^rooms/}\n",
}
PLANTS: list[tuple[Finder, str, str, str]] = [
    (find_dead_links, "README.md", "[x](docs/gone.md)", "README.md: docs/gone.md"),
    (
        find_dead_links,
        "README.md",
        "[`x`](docs/page.md#gone)",
        "README.md: docs/page.md#gone (no such heading)",
    ),
    (find_dead_links, "docs/page.md", "![x](light.jpg)", "docs/page.md: docs/light.jpg"),
    (find_dead_links, "docs/page.md", "[x](../rooms/window)", "docs/page.md: rooms/window"),
    (find_dead_links, "docs/page.md", "[x](#gone)", "docs/page.md: docs/page.md#gone (no such heading)"),
    (find_dead_paths, "docs/page.md", "in `rooms/window.py`,", "docs/page.md:3: rooms/window.py"),
    (find_dead_paths, "docs/page.md", "in `docs/old/NNNN-title.md`", "docs/page.md:3: docs/old"),
    (find_dead_paths, "README.md", "docs/decisions/0002", "README.md:7: docs/decisions/0002"),
    (find_dead_paths, "rooms/door.py", "# see rooms/window.py.", "rooms/door.py:4: rooms/window.py"),
    (find_dead_paths, "rooms/door.py", "HINT = 'edit docs/gone.md'", "rooms/door.py:4: docs/gone.md"),
    (find_dead_paths, "tests/test_door.py", "# as docs/gone.md", "tests/test_door.py:2: docs/gone.md"),
    (find_dead_paths, "Makefile", "\tcat docs/gone.md", "Makefile:3: docs/gone.md"),
    (find_dead_paths, "pyproject.toml", "# only rooms/build.py", "pyproject.toml:7: rooms/build.py"),
    (find_dead_names, "docs/page.md", "the step `window.py`", "docs/page.md:3: window.py"),
    (find_dead_modules, "docs/page.md", "`rooms.window`", "docs/page.md:3: rooms.window"),
    (find_dead_modules, "docs/page.md", "`rooms.door.shut_it`", "docs/page.md:3: rooms.door.shut_it"),
    (find_dead_modules, "rooms/door.py", "# as rooms.window has it", "rooms/door.py:4: rooms.window"),
    (find_dead_modules, "Makefile", "\tpython -m rooms.window", "Makefile:3: rooms.window"),
    (find_dead_targets, "docs/page.md", "call `make walk`", "docs/page.md: make walk"),
    (find_dead_targets, "docs/page.md", "\n    make walk", "docs/page.md: make walk"),
    (
        find_idle_patterns,
        ".pre-commit-config.yaml",
        "  - {id: windows, files: ^windows/}",
        ".pre-commit-config.yaml: windows: files: ^windows/",
    ),
    (find_idle_patterns, "pyproject.toml", '"windows/**" = ["S"]', "pyproject.toml: windows/**"),
]


def write_small(folder: Path) -> Repository:
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    for path, text in SOUND.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Repository(folder)


def test_what_is_there_is_not_complained_about(tmp_path: Path) -> None:
    small = write_small(tmp_path)
    assert [complaint for find in FINDERS for complaint in find(small)] == []


@pytest.mark.parametrize(("find", "place", "planted", "complaint"), PLANTS)
def test_what_leads_nowhere_is_found(
    find: Finder, place: str, planted: str, complaint: str, tmp_path: Path
) -> None:
    small = write_small(tmp_path)
    with (tmp_path / place).open("a", encoding="utf-8") as page:
        page.write(f"{planted}\n")
    assert find(small) == [complaint]


def test_headings_are_called_as_they_are_shown() -> None:
    page = '# A `b`: c_d, 中文 (e)\n# Same\n# Same\n### [L](x.md) m\n<a id="by-hand"></a>\n```\n# no\n```\n'
    assert find_anchors(page) == {"a-b-c_d-中文-e", "same", "same-1", "l-m", "by-hand"}


def test_no_page_is_left_that_no_reader_is_led_to(repository: Repository) -> None:
    pages = {path for path in repository.files if path.endswith(".md")}
    reached: set[str] = set()
    waiting = list(READMES)
    while waiting:
        page = waiting.pop()
        if page in pages and page not in reached:
            reached.add(page)
            waiting += [place for place, _ in find_links(page, repository.texts[page])]
    assert {page for page in pages if page.startswith("docs/")} - reached == set()


def test_both_readmes_lead_each_reader_to_the_same_pages(repository: Repository) -> None:
    led = []
    for readme in READMES:
        text = repository.texts[readme]
        table = text.split("\n## ")[1]
        rows = [line for line in table.splitlines() if "**" in line]
        led.append([[place for place, _ in find_links(readme, row)] for row in rows])
    assert len(led[0]) == 4 and all(len(pages) > 2 for pages in led[0])
    assert led[0] == led[1]
    assert {"docs/dashboards.md", "docs/cookbook.md", "docs/reliability.md", "CONTRIBUTING.md"} == {
        pages[0] for pages in led[0]
    }


def test_every_decision_is_listed_and_a_missing_number_is_explained(
    repository: Repository,
) -> None:
    index = repository.texts["docs/decisions/README.md"]
    pages = sorted(path for path in repository.files if re.match(r"docs/decisions/\d", path))
    lines = [repository.texts[page].splitlines()[0].removeprefix("# ").split(" ", 1) for page in pages]
    assert re.findall(r"^\| \[(\d{4})\]\((.+)\) \| (.+) \|$", index, re.M) == [
        (number, page.rpartition("/")[2], title) for page, (number, title) in zip(pages, lines, strict=True)
    ]
    numbers = {int(number) for number, _ in lines}
    missing = set(range(1, max(numbers) + 1)) - numbers
    assert missing == {int(number) for number in re.findall(r"There is no (\d{4})\.", index)}


def test_what_warehouse_promises_is_in_the_dictionary(repository: Repository) -> None:
    """The dictionary is written from the models; the promise is kept by hand."""
    columns = {
        section.split('"')[0].partition("-")[2]: set(re.findall(r"^\| `(\w+)` \|", section, re.M))
        for section in repository.texts["docs/data-dictionary.md"].split('<a id="')[1:]
    }
    page = repository.texts["docs/warehouse.md"]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| .* \| (.*) \|$", page, re.M)
    assert len(rows) > 30
    for names, told in rows:
        tables = re.findall(r"`(\w+)`", names)
        assert columns.keys() >= set(tables)
        promised = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", re.sub(r"\([^)]*\)", "", told)))
        assert promised - set().union(*(columns[table] for table in tables)) - columns.keys() == set(), names
    operations = re.findall(r"`(ops_\w+)`: ([^`.(]*)", page)
    assert len(operations) > 7
    for table, told in operations:
        assert set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", told)) - columns[table] == set(), table
