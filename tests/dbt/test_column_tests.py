"""The tests of columns and keys: the night's one scan a table finds just what `dbt test` finds."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import Settings
from ganxun.steps.build import BuildFailed, BuildRun, _run_column_tests
from ganxun.steps.column_tests import find_column_tests, run_column_tests
from tests.dbt.built import Built
from tests.dbt.conftest import run_dbt

# A breach of each kind of test, and the beginnings of the names of the tests that must see it.
BREACHES = {
    "insert into marts.mart_unit_coverage select * from marts.mart_unit_coverage limit 1": (
        "unique_combination_mart_unit_coverage_as_of__unit_code__scope"
    ),
    "update marts.mart_unit_weak_spot set topic_code = null where rowid = 0": (
        "unique_combination_mart_unit_weak_spot"
    ),
    "insert into marts.dim_unit select * from marts.dim_unit limit 1": "unique_dim_unit_unit_code",
    "update marts.dim_cadre set sex = null, duty_status = null where rowid = 0": "not_null_dim_cadre",
    "update marts.mart_cadre_coverage set light = 'blue' where rowid = 0": (
        "accepted_values_mart_cadre_coverage_light"
    ),
    "update marts.mart_unit_coverage set pass_rate = 1.01 where rowid = 0": (
        "value_within_mart_unit_coverage_pass_rate__1__0"
    ),
    "update marts.fct_training set credited_hours = -0.1 where rowid = 0": (
        "value_within_fct_training_credited_hours__0"
    ),
    "update marts.fct_training set topic_code = 'X99' where rowid = 0": (
        "relationships_fct_training_topic_code"
    ),
    "insert into ops.ops_identity select * from ops.ops_identity limit 1": "unique_combination_ops_identity",
}


@pytest.fixture(scope="module")
def damaged(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built city with every breach in it."""
    copy = Path(shutil.copy(built.work_file, tmp_path_factory.mktemp("damaged") / "work.duckdb"))
    with duckdb.connect(str(copy)) as connection:
        connection.execute("set timezone = 'Asia/Shanghai'")
        for breach in BREACHES:
            changed = connection.execute(breach).fetchone()
            assert changed is not None and changed[0] > 0, breach
    return copy


def test_a_sound_build_passes_and_no_test_is_left_out(built: Built) -> None:
    manifest = built.manifest()
    generic = {node["name"] for node in manifest["nodes"].values() if node.get("test_metadata")}
    assert len(generic) > 800
    assert {test.name for test in find_column_tests(manifest)} == generic
    assert run_column_tests(built.work_file, built.target / "manifest.json") == []


@pytest.mark.parametrize("expected", BREACHES.values())
def test_each_kind_of_damage_is_seen(built: Built, damaged: Path, expected: str) -> None:
    names = [failure.name for failure in run_column_tests(damaged, built.target / "manifest.json")]
    assert any(name.startswith(expected) for name in names), names


def test_the_night_finds_just_what_dbt_finds(built: Built, damaged: Path, tmp_path: Path) -> None:
    failures = run_column_tests(damaged, built.target / "manifest.json")
    _, statuses = run_dbt(
        ["test", "--select", "test_type:generic"],
        work_file=Path(shutil.copy(damaged, tmp_path / "work.duckdb")),
        folder=tmp_path,
    )
    manifest = built.manifest()
    names = {
        unique_id.rsplit(".", 1)[1]: node["name"]
        for unique_id, node in manifest["nodes"].items()
        if node.get("test_metadata")
    }
    by_dbt = {names.get(key, key) for key, status in statuses.items() if status != "pass"}
    assert len(statuses) == len(names)
    assert {failure.name for failure in failures} == by_dbt != set()


def test_a_kind_of_test_that_nobody_knows_here_is_not_skipped(built: Built) -> None:
    manifest = built.manifest()
    node = next(node for node in manifest["nodes"].values() if node.get("test_metadata"))
    node["test_metadata"]["name"] = "is_nice"
    with pytest.raises(ValueError, match="is_nice"):
        find_column_tests(manifest)


def test_a_build_whose_columns_are_wrong_is_refused(built: Built, damaged: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    run = BuildRun.from_dict(
        {
            **{"run_id": "r", "business_date": "2026-06-30", "started_at": "2026-06-30T22:00:00+08:00"},
            **{"input_digest": "", "rule_version": "", "code_version": ""},
        }
    )
    run.manifest_file(settings).parent.mkdir(parents=True)
    shutil.copy(damaged, run.work_file(settings))
    shutil.copy(built.target / "manifest.json", run.manifest_file(settings))
    with pytest.raises(BuildFailed, match=r"accepted_values_mart_cadre_coverage_light.* \(1 rows fail\)"):
        _run_column_tests(settings, run, None)
