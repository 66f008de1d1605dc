"""The dbt unit tests (models/**/*_unit_tests.yml) pass, and each fails once its rule is broken in the SQL."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ganxun.steps.build import DBT_PROJECT
from tests.dbt.built import Built
from tests.dbt.conftest import run_dbt
from tests.dbt.rule_breaches import BREACHES


def find_unit_tests() -> set[str]:
    """Names of all unit tests of the project."""
    texts = [path.read_text() for path in (DBT_PROJECT / "models").rglob("*_unit_tests.yml")]
    return {name for text in texts for name in re.findall(r"^  - name: (\w+)$", text, flags=re.MULTILINE)}


def test_no_rule_is_without_a_proof_that_its_test_can_fail() -> None:
    assert find_unit_tests() == BREACHES.keys()


def test_no_rule_computes_something_else(built: Built, tmp_path: Path) -> None:
    work_file = Path(shutil.copy(built.work_file, tmp_path / "work.duckdb"))
    process, statuses = run_dbt(["test", "--select", "test_type:unit"], work_file=work_file, folder=tmp_path)
    assert process.returncode == 0, process.stdout[-4000:]
    assert statuses == dict.fromkeys(BREACHES, "pass")


def test_each_broken_rule_is_noticed(built: Built, tmp_path: Path, copied_project: Path) -> None:
    """All rules are broken at once in a copy of the project: the inputs of each unit test are its own."""
    for file, old, new in BREACHES.values():
        text = (copied_project / file).read_text()
        assert old in text, f"{file} has no {old!r} any more: say how to break the rule now"
        (copied_project / file).write_text(text.replace(old, new))
    work_file = Path(shutil.copy(built.work_file, tmp_path / "work.duckdb"))
    _, statuses = run_dbt(
        ["test", "--select", "test_type:unit"], work_file=work_file, folder=tmp_path, project=copied_project
    )
    assert statuses == dict.fromkeys(BREACHES, "fail")
