"""dbt's reading of a project is kept between builds, and never serves a project that it is not of."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import PROJECT_ROOT
from ganxun.steps import dbt_build
from ganxun.steps.dbt_build import DbtFailed, Progress, build_models
from ganxun.steps.failures import Failure

pytestmark = pytest.mark.dbt

PROJECT = """
name: trial
version: "1.0"
profile: trial
models: {trial: {+materialized: table}}
"""
PROFILE = """
trial:
  target: here
  outputs: {here: {type: duckdb, path: "{{ env_var('GANXUN_WORK_FILE') }}", keep_open: false}}
"""
MODEL = "select cast('{{ var(\"as_of\") }}' as date) as as_of, 'first' as wording"


class Trial:
    """A project of one model, built into a new work file each time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.builds, self.timezone = folder, 0, "Asia/Shanghai"
        self.project = folder / "project"
        (self.project / "models").mkdir(parents=True)
        (self.project / "dbt_project.yml").write_text(PROJECT)
        (self.project / "profiles.yml").write_text(PROFILE)
        self.model = self.project / "models" / "said.sql"
        self.model.write_text(MODEL)

    def build(
        self, as_of: str = "2026-06-30", progress: Progress | None = None, **environment: str
    ) -> tuple[str, str]:
        """Build; returns the model's only row."""
        self.builds += 1
        run = self.folder / str(self.builds)
        run.mkdir()
        build_models(
            self.project,
            environment={"GANXUN_WORK_FILE": str(run / "work.duckdb"), **environment},
            variables={"as_of": as_of, "timezone": self.timezone},
            target=run / "target",
            progress=progress,
        )
        assert (run / "target" / "manifest.json").exists()
        with duckdb.connect(str(run / "work.duckdb"), read_only=True) as work:
            row = work.execute("select as_of::varchar, wording from said").fetchone()
        assert row is not None
        return row

    @property
    def was_read_again(self) -> bool:
        """Whether the last build had to read the project."""
        return (self.folder / str(self.builds) / "target" / "partial_parse.msgpack").exists()


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    monkeypatch.setattr(dbt_build, "CACHE", tmp_path / "cache")
    return Trial(tmp_path)


def test_a_retry_does_not_read_the_project_again(trial: Trial) -> None:
    assert trial.build() == ("2026-06-30", "first")
    assert trial.was_read_again
    assert trial.build() == ("2026-06-30", "first")
    assert not trial.was_read_again


def test_the_next_night_does_not_read_the_project_again_and_is_of_its_own_date(trial: Trial) -> None:
    assert trial.build() == ("2026-06-30", "first")
    assert trial.build("2026-07-01") == ("2026-07-01", "first")
    assert not trial.was_read_again


def test_a_changed_model_or_variable_is_never_served_from_the_last_reading(trial: Trial) -> None:
    trial.build()
    trial.timezone = "Asia/Urumqi"
    trial.build()
    assert trial.was_read_again
    trial.model.write_text(MODEL.replace("first", "second"))
    assert trial.build() == ("2026-06-30", "second")
    (trial.project / "models" / "more.sql").write_text("select 1 as one")
    trial.build()
    assert trial.was_read_again


def test_a_changed_rule_and_a_copy_of_the_project_are_not_read_again_and_count(trial: Trial) -> None:
    rules = trial.project / "seeds" / "rule.csv"
    rules.parent.mkdir()
    rules.write_text("wording\nfirst\n")
    trial.model.write_text(
        "select cast('{{ var(\"as_of\") }}' as date) as as_of, wording from {{ ref('rule') }}"
    )
    assert trial.build() == ("2026-06-30", "first")
    rules.write_text("wording\nsecond\n")
    assert trial.build() == ("2026-06-30", "second")
    assert not trial.was_read_again
    trial.project = Path(shutil.copytree(trial.project, trial.folder / "copy"))
    (trial.project / "seeds" / "rule.csv").write_text("wording\nthird\n")
    assert trial.build() == ("2026-06-30", "third")
    assert not trial.was_read_again


def test_a_seed_with_another_column_is_read_again(trial: Trial) -> None:
    rules = trial.project / "seeds" / "rule.csv"
    rules.parent.mkdir()
    rules.write_text("wording\nfirst\n")
    trial.build()
    rules.write_text("wording,more\nfirst,1\n")
    trial.build()
    assert trial.was_read_again


def test_a_damaged_reading_costs_time_not_the_night(trial: Trial, tmp_path: Path) -> None:
    trial.build()
    for name in ("partial_parse.msgpack", "manifest.json"):
        (kept,) = (tmp_path / "cache").rglob(name)
        kept.write_bytes(kept.read_bytes()[:100])
        assert trial.build() == ("2026-06-30", "first")
        assert trial.was_read_again
        trial.build()
        assert not trial.was_read_again  # the damaged one was replaced


def test_a_reading_that_is_put_away_while_it_serves_costs_nothing(trial: Trial, tmp_path: Path) -> None:
    trial.build()

    def put_away(*_: object) -> None:
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)

    assert trial.build(progress=put_away) == ("2026-06-30", "first")
    assert not (tmp_path / "cache").exists() and not trial.was_read_again


def test_a_model_that_fails_on_a_known_reading_is_named(trial: Trial) -> None:
    trial.model.write_text("select cast('x' as int) as as_of, 'first' as wording")
    for _ in range(2):
        with pytest.raises(DbtFailed, match="said") as failure:
            trial.build()
        assert failure.value.failure == Failure("model", ("said",))
    assert not trial.was_read_again


def test_a_project_folder_that_cannot_be_written_still_builds(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(dbt_build, "CACHE", tmp_path / "file" / "cache")
    assert trial.build() == ("2026-06-30", "first")


def test_old_readings_do_not_fill_the_disk(trial: Trial, tmp_path: Path) -> None:
    trial.build()
    for number in range(20):
        (tmp_path / "cache" / f"{number}").mkdir()
    trial.timezone = "Asia/Urumqi"
    trial.build()
    assert len(list((tmp_path / "cache").iterdir())) == dbt_build.KEPT_IN_CACHE


def test_a_failing_model_is_named(trial: Trial) -> None:
    trial.model.write_text("select no_such_column")
    with pytest.raises(DbtFailed, match=r"(?s)said.*no_such_column"):
        trial.build()


def test_a_value_that_a_model_fails_on_is_told_nowhere(
    trial: Trial, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """DuckDB quotes it, and dbt would write that to the screen and to a log of its own."""
    (trial.project / "models" / "given.sql").write_text("select '王小明 110101199001011237' as name")
    trial.model.write_text("select cast(name as date) as born from {{ ref('given') }}")
    with pytest.raises(DbtFailed, match=r"(?s)said.*Conversion Error") as failure:
        trial.build()
    screen = "".join(capfd.readouterr())
    for told in (str(failure.value), screen, caplog.text):
        assert "王小明" not in told
        assert "1101011990" not in told
    assert "said" in screen + caplog.text, "what failed is logged"
    assert not list((trial.folder / "1").rglob("dbt.log"))


def test_what_stops_dbt_itself_is_no_traceback_on_the_screen(
    trial: Trial, capfd: pytest.CaptureFixture[str]
) -> None:
    (trial.folder / "1" / "target" / "graph.gpickle").mkdir(parents=True)  # where dbt writes a file
    with pytest.raises(DbtFailed, match="dbt could not run"):
        build_models(
            trial.project,
            environment={"GANXUN_WORK_FILE": str(trial.folder / "1" / "work.duckdb")},
            variables={"as_of": "2026-06-30"},
            target=trial.folder / "1" / "target",
        )
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_build_that_has_used_the_disk_for_want_of_memory_goes_on(trial: Trial) -> None:
    """DuckDB refuses another folder for what does not fit once the first is used, even the same one again."""
    profiles = (PROJECT_ROOT / "dbt_project" / "profiles.yml").read_text(encoding="utf-8")
    (trial.project / "profiles.yml").write_text(profiles.replace("ganxun:", "trial:", 1), encoding="utf-8")
    trial.model.write_text(
        "select range::varchar as as_of, md5(range::varchar) as wording from range(4000000) order by wording"
    )
    for number in range(40):  # beside it, each with a connection of its own
        before = f"{{{{ ref('beside_{number - 1}') }}}}" if number else "range(1)"
        (trial.project / "models" / f"beside_{number}.sql").write_text(f"select * from {before}")
    trial.build(GANXUN_MEMORY_LIMIT="80MB", GANXUN_TEMP_DIR=str(trial.folder / "spilled"))


@pytest.mark.parametrize(("before", "after"), [("view", "table"), ("table", "view"), ("table", "table")])
def test_a_model_is_built_again_over_what_stands_there(trial: Trial, before: str, after: str) -> None:
    """As on a work file that a developer keeps: also where the model was a view and is a table now."""
    (trial.project / "macros").mkdir()
    ours = PROJECT_ROOT / "dbt_project" / "macros" / "materializations.sql"
    (trial.project / "macros" / ours.name).write_text(ours.read_text(encoding="utf-8"), encoding="utf-8")
    work_file = trial.folder / "work.duckdb"
    found = []
    for number, kind in enumerate((before, after)):
        trial.model.write_text(f"{{{{ config(materialized='{kind}') }}}} select {number} as number")
        build_models(
            trial.project,
            environment={"GANXUN_WORK_FILE": str(work_file)},
            variables={"as_of": "2026-06-30"},
            target=trial.folder / kind / str(number),
        )
        with duckdb.connect(str(work_file), read_only=True) as work:
            found += work.execute(
                "select table_type, table_name, (select number from said) from information_schema.tables"
            ).fetchall()
    types = {"view": "VIEW", "table": "BASE TABLE"}
    assert found == [(types[before], "said", 0), (types[after], "said", 1)]
