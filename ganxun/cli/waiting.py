"""What people see who wait for servers: what is waited for, since when, and whether the machine is busy."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

REMIND_SECONDS = 30


@contextmanager
def show_waiting(console: Console, remind: float = REMIND_SECONDS) -> Iterator[Callable[[str], None]]:
    """Give a function to call, again and again, with what is being done or waited for.

    On a terminal the step at work has a running clock, and a line with its time when it is over. Elsewhere
    (logs, CI) each step is a line, said again every `remind` seconds with the time so far.
    """
    with Progress(
        SpinnerColumn(),
        # Alone may go on in a next line, so that the time is never cut.
        TextColumn("{task.description}", markup=False, table_column=Column(overflow="fold")),
        TimeElapsedColumn(),
        TextColumn("{task.fields[busy]}", style="dim"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=None, busy="")
        current, since, reminded = "", time.monotonic(), time.monotonic()

        def say(text: str) -> None:
            console.print(text, style="dim", markup=False, highlight=False, soft_wrap=True)

        def tell(what: str) -> None:
            nonlocal current, since, reminded
            now = time.monotonic()
            if what != current:
                if not console.is_terminal:
                    say(what)
                elif current:
                    say(f"{current}: {now - since:.0f} s")
                current, since, reminded = what, now, now
                progress.reset(task, description=what, busy="")
            elif now - reminded >= remind:
                reminded = now
                progress.update(task, busy=describe_load())
                if not console.is_terminal:
                    say(f"{what}: {now - since:.0f} s so far{describe_load()}")

        yield tell
        if console.is_terminal and current:
            say(f"{current}: {time.monotonic() - since:.0f} s")


def describe_load() -> str:
    """That more programmes want to compute than the machine has cores, if it is so."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f" (the machine is busy: load {load:.0f} on {cores} cores)" if load > cores + 0.5 else ""
