"""The workbench shows a model as the project stands: an older figure would prove the wrong thing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import PROJECT_ROOT
from ganxun.steps.build import DBT_PROJECT
from ganxun.workshop import bench as bench_module
from ganxun.workshop.bench import Kept, Workbench, digest_raw, find_code
from ganxun.workshop.dbt_session import DbtSession, Outcome
from ganxun.workshop.model import UnknownModel, prove
from tests.dbt.built import Built

MODEL = "models/marts/training/fct_enrollment.sql"
BEFORE_IT = "int_enrollment.sql"


@pytest.fixture
def bench(built: Built, copied_project: Path, tmp_path: Path) -> Workbench:
    """A workbench with the built city on it, and a project to change."""
    bench = Workbench(tmp_path / "bench", copied_project)
    bench.work_file.parent.mkdir()
    shutil.copy(built.work_file, bench.work_file)
    bench.state.mkdir(parents=True)
    shutil.copy(built.target / "manifest.json", bench.state)
    bench.keep(Kept(digest_raw(), bench.digest_project()))
    return bench


def count(bench: Workbench, condition: str) -> int:
    with duckdb.connect(str(bench.work_file), read_only=True) as connection:
        row = connection.execute(f"select count(*) from marts.fct_enrollment where {condition}").fetchone()
    assert row is not None
    return row[0]


def test_rows_and_tests_are_those_of_the_project_as_it_stands(
    bench: Workbench, capfd: pytest.CaptureFixture[str]
) -> None:
    [before] = bench.project.glob(f"models/**/{BEFORE_IT}")
    as_it_was, total = before.read_text(), count(bench, "true")
    broken = as_it_was.replace("with\n", "-- changed\nwith\n", 1) + "limit 7\n"
    assert broken != as_it_was
    before.write_text(broken)
    prove(bench, ["fct_enrollment"])
    assert count(bench, "true") == 7, "the model before it was changed and not built"
    screen = "".join(capfd.readouterr())
    assert "fct_enrollment: 7 rows" in screen
    assert "int_enrollment" in screen

    before.write_text(as_it_was)  # as in the kept manifest again, but not in the work file
    assert prove(bench, ["fct_enrollment"])
    assert count(bench, "true") == total

    model = bench.project / MODEL
    keyed = model.read_text()
    model.write_text(keyed.replace("    enrollment_id,\n", "    null::varchar as enrollment_id,\n"))
    capfd.readouterr()
    assert not prove(bench, ["fct_enrollment"]), "a breach of a column's test went through"
    assert "FAIL unique_combination_fct_enrollment_source__enrollment_id" in capfd.readouterr().err

    with pytest.raises(UnknownModel, match="fct_enrolment"):
        prove(bench, ["fct_enrolment"])


def test_what_it_is_made_of_is_all_that_makes_it_anew(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another reader or simulator: the whole city. One model: that model and those behind it."""
    city, built = [], []
    monkeypatch.setattr(Workbench, "_open_city", lambda _: city.append(1))
    monkeypatch.setattr(DbtSession, "models", lambda _: {"dim_unit": "", "dim_cadre": ""})
    monkeypatch.setattr(DbtSession, "list_modified", lambda *_: ["dim_unit", "gone"])

    def keep_selection(session: DbtSession, selected: list[str], **_: bool) -> Outcome:
        built.append(selected)
        (session.target / "manifest.json").touch()
        return Outcome(True, frozenset(), frozenset())

    monkeypatch.setattr(DbtSession, "build", keep_selection)
    assert not bench.make()
    (bench.project / MODEL).write_text("select 1")
    assert bench.make()
    assert (city, built) == ([], [["dim_unit+"]])
    assert not bench.make()
    (bench.project / "dbt_project.yml").write_text("name: other")
    assert bench.make()
    assert (city, built[1:]) == ([], [[]])

    for name in bench_module._RAW_CODE:
        copy = tmp_path / "code" / name
        code = find_code(name)
        shutil.copytree(code, copy) if code.is_dir() else copy.write_bytes(code.read_bytes())
        with monkeypatch.context() as patch:
            patch.setattr(
                bench_module,
                "find_code",
                lambda asked, copy=copy, name=name: copy if asked == name else find_code(asked),
            )
            bench.make()
            city.clear()
            assert not bench.make()
            file = next(copy.rglob("*.py")) if copy.is_dir() else copy
            file.write_bytes(file.read_bytes() + b"#")
            assert bench.make()
            assert city == [1], f"a change in {name} is not noticed"
    bench.work_file.unlink()
    city.clear()
    assert bench.make()
    assert city == [1], "dbt clean removes the work file"


@pytest.mark.dbt
def test_dbt_without_a_work_file_says_how_to_make_one(tmp_path: Path) -> None:
    """DuckDB would make an empty file, and dbt fail on the first of two hundred models."""
    (tmp_path / "macros").mkdir()
    (tmp_path / "models").mkdir()
    shutil.copy(DBT_PROJECT / "profiles.yml", tmp_path)
    shutil.copy(DBT_PROJECT / "macros" / "workbench.sql", tmp_path / "macros")
    (tmp_path / "models" / "one.sql").write_text("select 1 as one")
    hooks = [line for line in (DBT_PROJECT / "dbt_project.yml").open() if line.startswith("on-run-start:")]
    (tmp_path / "dbt_project.yml").write_text("name: trial\nprofile: ganxun\n" + "".join(hooks))
    process = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--no-use-colors", "build"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("GANXUN_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode != 0
    assert "target/work.duckdb is no work file: `make workbench`" in process.stdout


def test_dbt_works_on_the_file_that_the_workbench_makes() -> None:
    profiles = (PROJECT_ROOT / "dbt_project" / "profiles.yml").read_text()
    assert f"'{Workbench().work_file.relative_to(DBT_PROJECT)}'" in profiles
