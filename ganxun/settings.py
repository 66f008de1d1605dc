"""Settings of a deployment: read from the environment (`GANXUN_…`) or given by the command line.

Every command and every DAG file begins with them, so they cost no more than they are: pydantic-settings takes
longer to import than `ganxun status` may take in all.
"""

# ruff: noqa: RUF009  (`_setting` gives a field of the dataclass)
from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from msgspec import Meta, ValidationError, convert

from connectors.zones import Zones

SOURCES = ("cadre", "academic", "academy", "mobile")
PROJECT_ROOT = Path(__file__).resolve().parent.parent
PREFIX = "GANXUN_"


class WrongSetting(ValueError):
    """A setting cannot be what it was given as; the message names it and not its value."""


def _setting(name: str, default: Any) -> Any:
    """A field that the environment gives unless the caller does."""
    return field(default_factory=lambda: os.environ.get(f"{PREFIX}{name.upper()}", default))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where a deployment keeps its data and how much of the machine it may use.

    Every field can be set by an environment variable of the same name with the prefix `GANXUN_`. Raises
    `WrongSetting`.
    """

    data_dir: Annotated[Path, Meta(description="zones, ledger, published files")] = _setting(
        "data_dir", PROJECT_ROOT / "data"
    )
    drop: Annotated[str, Meta(description="folder of exports: a path or an fsspec URL")] = _setting(
        "drop", ""
    )
    timezone: Annotated[str, Meta(description="all days and years are of this zone")] = _setting(
        "timezone", "Asia/Shanghai"
    )
    night_ends_at: Annotated[
        int, Meta(ge=0, le=23, description="hour of the morning up to which an export is of the day before")
    ] = _setting("night_ends_at", 6)
    night_published_by: Annotated[
        time, Meta(description="hour after the business date at which people expect its figures")
    ] = _setting("night_published_by", time(6, 30))
    keep_versions: Annotated[int, Meta(ge=2, description="published versions kept")] = _setting(
        "keep_versions", 7
    )
    keep_landing_days: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="days that delivered bytes are kept; none: for ever"),
    ] = _setting("keep_landing_days", None)
    memory_limit: Annotated[str, Meta(description="DuckDB's memory limit for one process")] = _setting(
        "memory_limit", "4GB"
    )
    threads: Annotated[int, Meta(ge=1, description="DuckDB and dbt threads")] = _setting("threads", 2)

    def __post_init__(self) -> None:
        kinds = get_type_hints(type(self), include_extras=True)
        for one in fields(self):
            try:
                value = _read(getattr(self, one.name), kinds[one.name])
            except ValueError as error:
                raise WrongSetting(f"{PREFIX}{one.name.upper()}: {error}") from None
            object.__setattr__(self, one.name, value)

    @property
    def zones(self) -> Zones:
        """The folders and files below `data_dir`."""
        return Zones(self.data_dir)


def _read(value: Any, kind: Any) -> Any:
    """A value, as text or as itself, in the kind that its setting has. Raises ValueError, without it."""
    plain = kind.__origin__
    if plain is Path:
        # Workers and tools change their folder; where the data lies must not depend on it.
        return Path(value).resolve()
    if plain is time and isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise ValueError("expected an hour of the day, HH:MM") from None
    try:
        return convert(value, kind, strict=False)
    except ValidationError as error:
        raise ValueError(str(error)) from None
