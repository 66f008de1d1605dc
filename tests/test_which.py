"""`make test-of P=…` runs what a change can break: a table that lags behind leaves the broken test out."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from ganxun.settings import PROJECT_ROOT
from tests.which import NoEntry, find_tests, read_table

TABLE = read_table()
# Settings and the tests' own helpers are used by all: their entry is `ganxun`.
PACKAGES = ("connectors", "expectations", "dashboards", "words", "yaml_files", "simulator", "dags", "ganxun")
USED_BY_ALL = {"ganxun/settings.py", "yaml_files/__init__.py", "connectors/zones.py"}


def list_tracked() -> list[PurePosixPath]:
    """Files of the repository, new ones too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True).stdout
    return [PurePosixPath(path) for path in listed.split("\0") if path and (PROJECT_ROOT / path).exists()]


def find_imports(test: Path) -> Iterator[str]:
    """Files of the packages that a file of tests imports itself."""
    for node in ast.walk(ast.parse(test.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            place = Path(*name.split("."))
            for file in (place.with_suffix(".py"), place / "__init__.py"):
                if place.parts[0] in PACKAGES and (PROJECT_ROOT / file).is_file():
                    yield file.as_posix()


def is_of_make_test(test: PurePosixPath) -> bool:
    """A file of tests that `make test` runs: not one of live servers or pictures."""
    if test.parts[0] != "tests" or not test.match("test_*.py"):
        return False
    text = (PROJECT_ROOT / test).read_text(encoding="utf-8")
    return not any(mark in text for mark in ("pytest.mark.live", "pytest.mark.pictures"))


def holds(tests: list[str], file: str) -> bool:
    return any(str(place) in tests for place in (PurePosixPath(file), *PurePosixPath(file).parents))


def test_every_folder_of_the_repository_has_an_entry() -> None:
    folders = {path.parts[0] for path in list_tracked() if len(path.parts) > 1} - {"tests"}
    assert folders - TABLE.keys() == set()


def test_every_entry_leads_to_what_is_there() -> None:
    for folder, tests in TABLE.items():
        assert (PROJECT_ROOT / folder).exists(), folder
        assert [test for test in tests if not (PROJECT_ROOT / test).exists()] == [], folder


def test_a_test_that_imports_a_folder_is_run_for_a_change_there() -> None:
    missing = []
    for test in filter(is_of_make_test, list_tracked()):
        for file in find_imports(PROJECT_ROOT / test):
            if file not in USED_BY_ALL and not holds(find_tests([file], TABLE), str(test)):
                missing.append(f"{test} imports {file}")
    assert missing == []


def test_no_file_of_tests_is_left_out() -> None:
    """By an entry of its own subject, not only by those for which everything is run."""
    named = [
        test for folder, tests in TABLE.items() if folder not in ("ganxun", "requirements") for test in tests
    ]
    of_no_folder = {"tests/test_tiers.py", "tests/test_which.py", "tests/test_worlds.py"}
    left_out = {str(test) for test in filter(is_of_make_test, list_tracked()) if not holds(named, str(test))}
    assert left_out - of_no_folder == set()


@pytest.mark.parametrize(
    ("paths", "tests"),
    [
        (["ganxun/diff/lights.py"], ["tests/diff"]),
        (["ganxun/diff", "ganxun/docs/"], ["tests/analysts", "tests/diff", "tests/docs"]),
        (["tests/backup"], ["tests/backup"]),
        (["ganxun/night.py", "ganxun/diff"], ["tests"]),
    ],
)
def test_the_nearest_entry_counts_and_nothing_is_run_twice(paths: list[str], tests: list[str]) -> None:
    assert find_tests(paths, TABLE) == tests


def test_a_path_without_an_entry_is_said() -> None:
    with pytest.raises(NoEntry, match="holds nowhere/at_all"):
        find_tests(["nowhere/at_all"], TABLE)
