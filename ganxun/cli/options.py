"""Options that many commands have, and what they are read into."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ganxun.cli.terminal import refuse

if TYPE_CHECKING:
    from ganxun.settings import Settings

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Zones, ledger and published files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Lang = Literal["zh", "en"]
Language = Annotated[Lang, typer.Option("--lang", help="Language of the text.")]
Scope = Literal["direct", "subtree"]


def read_settings(data_dir: Path | None) -> Settings:
    """The settings of a data directory, and its log from now on."""
    from ganxun.logs import keep_logs

    settings = find_settings(data_dir)
    keep_logs(settings)
    return settings


def find_settings(data_dir: Path | None) -> Settings:
    """The settings alone, for what only looks and so has nothing to log. Exits 2 on a wrong one."""
    from ganxun.settings import Settings, WrongSetting

    try:
        return Settings() if data_dir is None else Settings(data_dir=data_dir)
    except WrongSetting as error:
        refuse(str(error))


def read_day(text: str) -> date:
    """A business date. Raises typer's `BadParameter`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date YYYY-MM-DD") from None
