"""A published city for analysts, and a copy of it to plant cases in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.nights import Night


@pytest.fixture(scope="session")
def copied_warehouse(simulated_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file, copied to be written to."""
    folder = tmp_path_factory.mktemp("copied-warehouse")
    return Path(shutil.copyfile(simulated_night.settings.zones.warehouse, folder / "warehouse.duckdb"))


@pytest.fixture
def scratch(copied_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as an analyst's, on which everything that is changed is rolled back."""
    with duckdb.connect(str(copied_warehouse)) as connection:
        connection.execute("set timezone = 'Asia/Shanghai'; set search_path = 'marts,ops'")
        connection.execute("begin")
        yield connection
        connection.execute("rollback")
