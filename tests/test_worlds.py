"""A world of an older tree would prove yesterday's code: what it depends on makes it anew, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ganxun.settings import PROJECT_ROOT
from tests import worlds
from tests.worlds import digest_dependencies, find_dependencies, find_touched, make_world

OF_A_NIGHT = {
    "code of the night": "ganxun/steps/land.py",
    "code that is imported where it is used": "connectors/cadre/encoding.py",
    "a module below both": "yaml_files/__init__.py",
    "a contract": "connectors/academic/contract.yml",
    "an expectation": "expectations/suites/marts/unit.yml",
    "a rule": "dbt_project/seeds/policy_parameter.csv",
    "a macro": "dbt_project/macros/rules.sql",
    "a model": "dbt_project/models/marts/cadre/dim_cadre.sql",
    "a law": "dbt_project/tests/generic/value_within.sql",
    "a model's description": "dbt_project/models/marts/cadre/dim_cadre.yml",
    "dbt's profile": "dbt_project/profiles.yml",
    "the lock": "requirements/pipeline.txt",
    "what makes the world": "tests/nights.py",
}
OF_OTHERS = {
    "a document": "docs/rules.md",
    "a dashboard": "dashboards/compiler/palette.py",
    "another world": "tests/planted_nights.py",
    "a test": "tests/e2e/test_night.py",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the night of a city depends on, and of what it does not."""
    root = tmp_path_factory.mktemp("tree")
    files = find_dependencies("tests.nights") | {PROJECT_ROOT / file for file in OF_OTHERS.values()}
    for file in files:
        copy = root / file.relative_to(PROJECT_ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    return root


def digest_with_a_byte_more(tree: Path, file: str) -> str:
    """The digest of a night's world after one more byte in a file, which is put right again."""
    path = tree / file
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    try:
        return digest_dependencies.__wrapped__("tests.nights", tree)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("file", OF_A_NIGHT.values(), ids=OF_A_NIGHT.keys())
def test_one_byte_of_what_a_night_depends_on_makes_it_anew(tree: Path, file: str) -> None:
    assert digest_with_a_byte_more(tree, file) != digest_dependencies("tests.nights", tree)


@pytest.mark.parametrize("file", OF_OTHERS.values(), ids=OF_OTHERS.keys())
def test_what_a_night_does_not_depend_on_costs_no_new_one(tree: Path, file: str) -> None:
    assert digest_with_a_byte_more(tree, file) == digest_dependencies("tests.nights", tree)


def test_another_python_or_place_makes_it_anew() -> None:
    here = digest_dependencies("tests.nights")
    assert digest_dependencies("tests.nights", python="3.11.0 (main)") != here


def test_a_city_depends_on_the_simulator_and_not_on_the_warehouse() -> None:
    found = {path.relative_to(PROJECT_ROOT).as_posix() for path in find_dependencies("tests.drops")}
    assert "simulator/people.py" in found
    assert not [path for path in found if path.startswith(("dbt_project/", "expectations/"))]


def test_a_world_whose_nights_are_processes_depends_on_the_whole_program() -> None:
    found = {
        path.relative_to(PROJECT_ROOT).as_posix() for path in find_dependencies("tests.faults.small_city")
    }
    assert {"ganxun/cli/night.py", "ganxun/alerts/tell.py", "dbt_project/seeds/topic.csv"} <= found


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(worlds, "CACHE", tmp_path / "worlds")
    return tmp_path / "worlds"


def write_world(folder: Path) -> Path:
    (folder / "file").write_text("made")
    with (folder.parent / "made").open("a") as log:
        log.write("x")
    return folder / "file"


def test_a_second_run_starts_from_the_worlds_of_the_first(cache: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "export").write_text("a")
    first = make_world("small", write_world, drop)
    assert make_world("small", write_world, drop) == first
    assert (cache / "made").read_text() == "x"
    (drop / "export").write_text("b")
    assert make_world("small", write_world, drop) != first
    assert (cache / "made").read_text() == "xx"


def test_a_failure_is_not_kept(cache: Path) -> None:
    def fail(folder: Path) -> None:
        raise RuntimeError("not today")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="not today"):
            make_world("failing", fail)
    assert not list(cache.glob("*.pickle"))


def test_worlds_of_former_trees_do_not_fill_the_disk(cache: Path, tmp_path: Path) -> None:
    for number in range(4):
        drop = tmp_path / str(number)
        drop.mkdir()
        (drop / "export").write_text(str(number))
        make_world("small", write_world, drop)
    assert len(list(cache.glob("small-*.pickle"))) == len([p for p in cache.iterdir() if p.is_dir()]) == 2


def test_a_test_that_changes_a_world_is_told_and_the_world_is_not_used_again(cache: Path) -> None:
    file = make_world("small", write_world)
    assert find_touched() == {}
    file.write_text("changed")
    (file.parent / "more").touch()
    assert find_touched() == {file.parent.name: ["file", "more"]}
    assert make_world("small", write_world).read_text() == "made"
