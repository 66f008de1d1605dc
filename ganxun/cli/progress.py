"""Progress of long work: a bar on a terminal, a line a step where there is none (logs, schedulers, CI)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

if TYPE_CHECKING:
    from rich.console import Console

BAR_WIDTH = 20
SILENCE_SECONDS = 10
"""A step of many parts says where it is this often, so that nobody takes it for dead."""

Tell = Callable[[str, int, int], None]


@contextmanager
def follow(console: Console, title: str) -> Iterator[Tell]:
    """Give a function to call with (what is being done, steps done, steps in all)."""
    if not console.is_terminal:
        yield _line_by_line(console, title)
        return
    with Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=BAR_WIDTH),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        # Alone may go on in a next line, so that the others are never cut.
        TextColumn("{task.fields[what]}", markup=False, table_column=Column(overflow="fold")),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task(title, total=None, what="")

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=max(total, 1), what=what)

        yield tell


def _line_by_line(console: Console, title: str) -> Tell:
    """A line for the first and the last part of a step, and for one in between every few seconds."""
    began = time.monotonic()
    spoken = began - SILENCE_SECONDS
    step = 0

    def tell(what: str, done: int, total: int) -> None:
        nonlocal spoken, step
        now = time.monotonic()
        if total == step and 0 < done < total and now - spoken < SILENCE_SECONDS:
            return
        spoken, step = now, total
        place = f" {done}/{total}" if total > 1 else ""
        console.print(
            f"{title} {now - began:.0f} s{place}: {what}", soft_wrap=True, markup=False, highlight=False
        )

    return tell
