"""A small delivery with quarantined rows, landed once; each test works on a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quarantine.desk import Desk, write_drop


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The delivery after its night; nobody may change it."""
    desk = Desk(tmp_path_factory.mktemp("landed") / "desk")
    desk.drop.mkdir(parents=True)
    write_drop(desk.drop)
    desk.land()
    return desk


@pytest.fixture
def desk(landed: Desk, tmp_path: Path) -> Desk:
    """The delivery after its night, for one test."""
    return landed.copy(tmp_path / "desk")
