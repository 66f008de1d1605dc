"""The guard of the quick tier refuses what is started, whatever else a command says."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ganxun.settings import PROJECT_ROOT
from tests.tiers import QUICK

GUARDED = """
import subprocess, sys
from tests.tiers import refuse
sys.addaudithook(refuse)
try:
    subprocess.run(sys.argv[1:])
except FileNotFoundError:
    pass
"""


def start_guarded(*command: str) -> str:
    """What Python says when a guarded process starts the command."""
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, *command],
        cwd=PROJECT_ROOT,
        env={**os.environ, QUICK: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr


@pytest.mark.parametrize(
    "command",
    [
        (".venv-superset/bin/absent",),
        ("/none/chromium-browser", "--headless"),
        ("/none/postgresql/15/bin/postgres",),
        ("/none/redis-server",),
        ("/none/gunicorn",),
        ("/none/dbt", "build"),
        (sys.executable, "-m", "dbt.cli.main", "--version"),
    ],
)
def test_what_a_quick_test_may_not_start_is_refused(command: tuple[str, ...]) -> None:
    assert "AssertionError: a quick test starts" in start_guarded(*command)


def test_a_programme_that_only_hears_of_them_is_started() -> None:
    assert start_guarded("git", "check-ignore", "--no-index", ".venv-superset", "dbt", "gunicorn") == ""
