"""Tiers: `make quick` runs every test that needs no dbt build, Superset, browser or server, and only those.

Which tests these are is found: what asks for a world with a build in it, or says itself (`e2e`, `dbt` ...)
that it runs one, is left out. The other way round is guarded: a quick test that starts one of them fails.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

QUICK = "GANXUN_TESTS_QUICK"  # set by `make quick`
MARKS = ("e2e", "dbt", "browser", "live", "pictures")
BUILT_WORLDS = {"city_small_night", "simulated_night", "three_nights", "small_city", "built", "damaged_city"}
PROGRAMS = (".venv-superset", "chromium", "/postgres", "redis-server", "gunicorn", "dbt.cli.main", "bin/dbt")
RUNS_DBT = "dbt.cli.main"


def is_quick(item: pytest.Item) -> bool:
    """Whether a test needs no build, Superset, browser or server."""
    marked = any(item.get_closest_marker(mark) for mark in MARKS)
    return not marked and BUILT_WORLDS.isdisjoint(getattr(item, "fixturenames", ()))


def keep_quick(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out all but the quick tests, and let no test start what a quick one may not need."""
    slow = [item for item in items if not is_quick(item)]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if is_quick(item)]
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if QUICK not in os.environ:
        return
    if event == "import" and arguments[0] == RUNS_DBT:
        raise AssertionError("a quick test runs dbt: mark it `dbt`, or ask for a world that is built")
    if event == "subprocess.Popen":
        command = " ".join(map(str, arguments[1]))
        if any(program in command for program in PROGRAMS):
            raise AssertionError(f"a quick test starts a server or browser: mark it `e2e` ({command[:80]})")
