"""Progress of long work on a terminal; one quiet line for each stage where there is none (logs, CI)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def follow(console: Console, title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function to call with (what is being done, steps done, steps in all)."""
    with Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(title, total=None, what="")

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=max(total, 1), what=what)

        yield tell
