"""Where the command line prints: answers on standard output, what is said about them on standard error.

rich is imported by the first thing that is printed: `--help` and refusals of the parser need none of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console


def screen() -> Console:
    """Standard output: the answer."""
    from rich.console import Console

    return Console(highlight=False)


def messages() -> Console:
    """Standard error: progress, refusals, what is good to know beside the answer."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(text: str, style: str = "") -> None:
    """A sentence of the answer."""
    _write(screen(), text, style)


def remark(text: str, style: str = "") -> None:
    """A sentence beside the answer."""
    _write(messages(), text, style)


def refuse(reason: str, code: int = 2) -> NoReturn:
    """Say why not, and end with an exit code."""
    remark(reason, "red")
    raise typer.Exit(code)


def print_json(value: Any) -> None:
    """A value for machines."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _write(console: Console, text: str, style: str) -> None:
    """On a terminal lines end between words; a file or a program gets them whole."""
    from rich.text import Text

    from ganxun.cli.tables import show_text

    if console.is_terminal or "COLUMNS" in os.environ:
        show_text(console, text, style)
    else:
        console.print(Text(text, style), soft_wrap=True)


@contextmanager
def pages() -> Iterator[Console]:
    """Standard output for an answer that may be long: on a terminal a page at a time, by $PAGER or less."""
    console = screen()
    if not (console.is_terminal and sys.stdin.isatty()):
        yield console
        return
    # As git does: colours as they are, and no waiting where everything fits.
    os.environ.setdefault("LESS", "FRX")
    with console.pager(styles=True):
        yield console
