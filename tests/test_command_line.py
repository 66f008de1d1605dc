"""The command line as a person and a machine use it; its page is held against the program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from ganxun.cli import app
from ganxun.settings import PROJECT_ROOT
from tests.nights import Night

GANXUN = Path(sys.executable).with_name("ganxun")
PAGE = (PROJECT_ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def run_ganxun(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed program as a person does."""
    return subprocess.run(
        [str(GANXUN), *arguments], capture_output=True, text=True, input=text, timeout=300, check=False
    )


def list_commands() -> dict[str, click.Command]:
    """Every command by what a person types, those of groups (`explain cadre`) too."""

    def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
        if not hasattr(command, "commands"):
            yield name, command
            return
        for part, below in command.commands.items():
            yield from walk(below, f"{name} {part}".strip())

    return dict(walk(typer.main.get_command(app), ""))


@pytest.mark.parametrize("name", sorted(list_commands()))
def test_no_command_or_option_is_left_undocumented(name: str) -> None:
    section = re.search(rf"^## [^\n]*`ganxun {name}\b.*?(?=^## |\Z)", PAGE, re.M | re.S)
    assert section is not None, f"docs/command-line.md says nothing about `ganxun {name}`"
    options = [
        option
        for parameter in list_commands()[name].params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    ]
    assert [option for option in options if f"`{option}" not in section[0]] == []


def test_no_documented_command_is_missing() -> None:
    headings = "\n".join(re.findall(r"^## .*$", PAGE, re.M))
    documented = set(re.findall(r"`ganxun (\w+(?: [a-z]+)?)", headings))
    assert documented == set(list_commands())


def test_a_run_with_nothing_to_build_on_exits_1_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    drop, data_dir = str(tmp_path / "drop"), str(tmp_path / "data")
    done = run_ganxun("run", "--drop", drop, "--date", "2026-06-30", "--data-dir", data_dir, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert "cadre snapshot" in report["failure"]
    assert report["published"] is None


def test_a_date_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    done = run_ganxun("run", "--drop", str(tmp_path), "--date", "2026-02-30", "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert "2026-02-30" in done.stderr


def test_status_and_sql_answer_from_the_published_warehouse(simulated_night: Night) -> None:
    data_dir = str(simulated_night.settings.data_dir)
    status = json.loads(run_ganxun("status", "--data-dir", data_dir, "--json").stdout)
    assert [row["source"] for row in status["freshness"]] == ["cadre", "academic", "academy", "mobile"]
    asked = run_ganxun("sql", "select sum(due) as due from mart_unit_coverage where is_current and "
                       "scope = 'direct'", "--data-dir", data_dir, "--json")  # fmt: skip
    assert json.loads(asked.stdout) == [{"due": int(status["headlines"]["due"])}]
    shell = run_ganxun("sql", "--data-dir", data_dir, text="select count(*) > 0 as some from fct_training;\n")
    assert shell.returncode == 0 and "true" in shell.stdout


def test_sql_cannot_change_the_published_warehouse(simulated_night: Night) -> None:
    data_dir = str(simulated_night.settings.data_dir)
    for statement in ("delete from fct_training", "copy fct_training to '/tmp/never.csv'"):
        assert run_ganxun("sql", statement, "--data-dir", data_dir).returncode != 0


def test_sql_before_the_first_night_says_what_to_do(tmp_path: Path) -> None:
    done = run_ganxun("sql", "select 1", "--data-dir", str(tmp_path))
    assert done.returncode == 1 and "ganxun run" in done.stderr
