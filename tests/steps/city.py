"""A drop and a data directory to land in, with the equation of rows held after each landing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.check_outcome import CheckOutcome
from connectors.ledger import Ledger
from ganxun.settings import Settings
from ganxun.steps.land import Validate, land
from ganxun.steps.land_report import LandReport
from tests.connectors.exports import NIGHT


def accept_all(_suite: str, _tables: Mapping[str, pa.Table]) -> list[CheckOutcome]:
    """For tests of what landing itself does: the suites have tests of their own."""
    return []


class City:
    """A drop and a data directory."""

    def __init__(self, folder: Path) -> None:
        self.drop = folder / "drop"
        self.drop.mkdir()
        self.settings = Settings(data_dir=folder / "data")

    @classmethod
    def at(cls, drop: Path, data_dir: Path) -> City:
        """Another data directory for a drop that is there."""
        city = cls.__new__(cls)
        city.drop, city.settings = drop, Settings(data_dir=data_dir)
        return city

    def land(self, source: str, night: date = NIGHT, validate: Validate | None = accept_all) -> LandReport:
        """Land one source (`validate` None: with its own suite); the equation holds for every batch."""
        report = land(self.settings, source, str(self.drop), night, validate=validate)
        with Ledger(self.settings.zones) as ledger:
            for row in ledger.query("SELECT * FROM batch"):
                assert (
                    row["rows_read"] == row["rows_loaded"] + row["rows_quarantined"] + row["rows_superseded"]
                )
        return report

    def values(self, table: str, column: str, night: date = NIGHT) -> list:
        """A column of a raw table as the models see it at a date."""
        with Ledger(self.settings.zones) as ledger:
            paths = ledger.effective_batches(night).get(table, [])
        return [value for path in paths for value in pq.read_table(path).column(column).to_pylist()]

    def statuses(self) -> dict[str, str]:
        with Ledger(self.settings.zones) as ledger:
            return {row["path"]: row["status"] for row in ledger.query("SELECT path, status FROM file")}
