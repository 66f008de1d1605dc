"""Run a step for real and end this very process by SIGKILL at one call of one function.

    run_armed('{"function": "ganxun.steps.land:land", "call": 2, "when": "after"}',
              "night", "--drop", D, "--date", "2026-06-30", "--data-dir", DIR)
    run_armed("…", "step", "check" or "publish", DIR, RUN_JSON)
    run_armed("…", "land", DROP, "2026-06-30", DIR)                     (landing only, expectations left out)

`when`: `before` the call, `after` it, or `inside`, at the end of the block of a context manager, before what
it commits. An empty object kills nothing. The product knows nothing of this: a real kill at a chosen place.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from tests.processes import run_program


def arm(function: str, call: int, when: str) -> None:
    """Replace the function where it is looked up, by one that kills at its `call`-th call."""
    module_name, _, qualified = function.partition(":")
    owner: Any = importlib.import_module(module_name)
    *path, name = qualified.split(".")
    for part in path:
        owner = getattr(owner, part)
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    @functools.wraps(original)
    def deadly(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != call:
            return original(*arguments, **named)
        if when == "before":
            kill()
        if when == "inside":
            return _killed_inside(original(*arguments, **named))
        result = original(*arguments, **named)
        kill()
        return result

    setattr(owner, name, deadly)


@contextmanager
def _killed_inside(manager: Any) -> Iterator[Any]:
    with manager as value:
        yield value
        kill()


def kill() -> None:
    """End this process as the system would: nothing is closed, flushed or rolled back."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_step(step: str, data_dir: str, run: str) -> None:
    """Run one step of a build as an Airflow task does: from the run's description alone."""
    from ganxun.settings import Settings
    from ganxun.steps.build import BuildRun
    from ganxun.steps.check import check
    from ganxun.steps.publish import publish

    steps: dict[str, Callable[..., object]] = {"check": check, "publish": publish}
    steps[step](Settings(data_dir=Path(data_dir)), BuildRun.from_dict(json.loads(run)))


def land_all(drop: str, night: str, data_dir: str) -> None:
    """Land the four sources; what the expectations say of the exports is not the subject here."""
    from ganxun.settings import SOURCES, Settings
    from ganxun.steps import land

    for source in SOURCES:
        settings = Settings(data_dir=Path(data_dir))
        land.land(settings, source, drop, date.fromisoformat(night), validate=lambda *_: [])


def run_armed(spec: str, what: str, *arguments: str) -> None:
    """Arm, then run what is asked for: `night`, `step` or `land`, with its arguments."""
    if wanted := json.loads(spec):
        arm(**wanted)
    if what == "step":
        run_step(*arguments)
    elif what == "land":
        land_all(*arguments)
    else:
        run_program("run", "--json", *arguments)
