"""Progress: on a terminal a line whose time can be read, elsewhere a line a step, never in the answer."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from ganxun.cli import progress
from ganxun.cli.progress import follow

STEP = "landing academic/backfill/2024年干部教育培训数据.xlsx"


def say(width: int, *, is_terminal: bool) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=is_terminal, color_system=None)
    with follow(console, "simulating") as tell:
        for done in range(1, 207):
            tell(f"stg_academic__{done}", done, 206)
        tell(STEP, 0, 38)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_time_and_the_step_are_whole_on_a_terminal(width: int) -> None:
    drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", say(width, is_terminal=True)).replace("\r", "\n")
    assert "…" not in drawn
    assert max(map(cell_len, drawn.splitlines())) <= width
    assert re.search(r" 0/38 +\d:\d\d:\d\d ", drawn)
    assert "simulating" in drawn and "landing" in drawn and "xlsx" in drawn


def test_a_scheduler_sees_when_a_step_begins_and_ends_but_not_every_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = iter(range(10_000))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now) * 0.5)
    lines = say(80, is_terminal=False).splitlines()
    assert re.fullmatch(r"simulating \d+ s 1/206: stg_academic__1", lines[0])
    assert lines[-2].endswith("206/206: stg_academic__206") and lines[-1].endswith(STEP)
    # 206 parts in 103 seconds: about one line in ten seconds
    assert 10 <= len(lines) <= 14


def test_a_new_step_is_told_at_once() -> None:
    console = Console(width=80, file=io.StringIO())
    with follow(console, "night") as tell:
        tell("landing a", 0, 3)
        tell("landing b", 1, 3)
        tell("checking the marts", 0, 1)
        tell("publishing", 0, 1)
    assert isinstance(console.file, io.StringIO)
    steps = [line.partition(": ")[2] for line in console.file.getvalue().splitlines()]
    assert steps == ["landing a", "checking the marts", "publishing"]
