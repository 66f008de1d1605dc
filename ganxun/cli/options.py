"""What the parts of the command line share: where they print, and the options that many have."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from ganxun.settings import Settings

screen = Console()
messages = Console(stderr=True)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Zones, ledger and published files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Lang = Literal["zh", "en"]
Language = Annotated[Lang, typer.Option("--lang", help="Language of the text.")]
Scope = Literal["direct", "subtree"]


def read_settings(data_dir: Path | None) -> Settings:
    """The settings of a data directory, and its log from now on."""
    settings = Settings() if data_dir is None else Settings(data_dir=data_dir)
    from ganxun.logs import keep_logs

    keep_logs(settings)
    return settings


def read_day(text: str) -> date:
    """A business date. Raises typer's `BadParameter`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date YYYY-MM-DD") from None


def print_json(value: Any) -> None:
    """A value for machines."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
