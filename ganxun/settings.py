"""Settings of a deployment: read from the environment (`GANXUN_…`) or given by the command line."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.zones import Zones

SOURCES = ("cadre", "academic", "academy", "mobile")
PROJECT_ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(ValueError):
    """A setting cannot be what it was given as; the message names it and not its value."""


class Settings(BaseSettings):
    """Where a deployment keeps its data and how much of the machine it may use.

    Every field can be set by an environment variable of the same name with the prefix `GANXUN_`. Raises
    `WrongSetting`.
    """

    model_config = SettingsConfigDict(env_prefix="GANXUN_", extra="ignore")

    data_dir: Path = Field(default=PROJECT_ROOT / "data", description="zones, ledger, published files")
    drop: str = Field(default="", description="folder of exports: a path or an fsspec URL")
    timezone: str = Field(default="Asia/Shanghai", description="all days and years are of this zone")
    night_ends_at: int = Field(
        default=6, ge=0, le=23, description="hour of the morning up to which an export is of the day before"
    )
    night_published_by: time = Field(
        default=time(6, 30), description="hour after the business date at which people expect its figures"
    )
    keep_versions: int = Field(default=7, ge=2, description="published versions kept")
    keep_landing_days: int | None = Field(
        default=None, ge=1, description="days that delivered bytes are kept; none: for ever"
    )
    memory_limit: str = Field(default="4GB", description="DuckDB's memory limit for one process")
    threads: int = Field(default=2, ge=1, description="DuckDB and dbt threads")

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            # without what pydantic quotes: a value can be a password put in the wrong place
            faults = [f"GANXUN_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
            raise WrongSetting("; ".join(faults)) from None

    @field_validator("data_dir")
    @classmethod
    def _make_absolute(cls, value: Path) -> Path:
        # Workers and tools change their folder; where the data lies must not depend on it.
        return value.resolve()

    @property
    def zones(self) -> Zones:
        """The folders and files below `data_dir`."""
        return Zones(self.data_dir)
