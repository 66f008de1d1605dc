"""Nights that many tests look at: each is run once, for real, and never changed later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from ganxun.night import NightReport, run_night
from ganxun.settings import Settings
from tests.drops import CITY_SMALL_DATE


@dataclass(frozen=True)
class Night:
    """A night that was run: its settings, drop and report."""

    settings: Settings
    drop: Path
    report: NightReport

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query on the published warehouse, with the restricted file attached as `r`."""
        with duckdb.connect(str(self.settings.zones.warehouse), read_only=True) as connection:
            connection.execute(f"set timezone = '{self.settings.timezone}'")
            connection.execute(f"attach '{self.settings.zones.restricted}' as r (read_only)")
            return connection.execute(sql).fetchall()


def run_last_night(drop: Path, folder: Path) -> Night:
    """The night of 2026-06-30 on a drop, in a new data folder."""
    settings = Settings(data_dir=folder)
    return Night(settings, drop, run_night(settings, str(drop), CITY_SMALL_DATE))
