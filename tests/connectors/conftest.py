"""What the tests of connectors share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.exports import Readings


@pytest.fixture
def readings(tmp_path: Path) -> Iterator[Readings]:
    """An empty data directory and drop."""
    readings = Readings(tmp_path)
    yield readings
    readings.stage.close()
