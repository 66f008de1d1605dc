"""Tiers: `make quick` runs every test that needs no dbt build, Superset, browser or server, and only those.

Which tests these are is found: what asks for a world with a build in it, or says itself (`e2e`, `dbt` ...)
that it runs one, is left out. The other way round is guarded: a quick test that starts one of them fails.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

QUICK = "GANXUN_TESTS_QUICK"  # set by `make quick`
MARKS = ("e2e", "dbt", "browser", "live", "pictures")
BUILT_WORLDS = {"city_small_night", "simulated_night", "three_nights", "small_city", "built", "damaged_city"}
# Named by the path of what is started, or by the module that Python runs.
PROGRAMS = re.compile(r"\.venv-superset/|chromium|/postgres|redis-server|gunicorn|/dbt$|^dbt(\.cli\.main)?$")
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
    sys.addaudithook(refuse)


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: raise `AssertionError` at what a quick test may not start."""
    if QUICK not in os.environ:
        return
    if event == "import" and arguments[0] == RUNS_DBT:
        raise AssertionError("a quick test runs dbt: mark it `dbt`, or ask for a world that is built")
    if event == "subprocess.Popen":
        parts = arguments[1].split() if isinstance(arguments[1], str) else arguments[1]
        started = [*_find_started([str(part) for part in parts])]
        if any(PROGRAMS.search(program) for program in started):
            raise AssertionError(f"a quick test starts {started[-1]}: mark it `e2e`, or `dbt`")


def _find_started(command: list[str]) -> Iterator[str]:
    """The program of a command, and the module that it runs where it is Python's `-m`."""
    yield from command[:1]
    for part, following in pairwise(command[1:]):
        if part == "-m":
            yield following
        if part in ("-c", "-m") or not part.startswith("-"):
            return
