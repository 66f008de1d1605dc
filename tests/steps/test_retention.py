"""What is removed is old and settled, and nothing that a build or a reader needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.ledger import Ledger
from connectors.zones import Zones
from ganxun.steps.retention import prune_landing

OLD, NEW = "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"
FILES = {
    "aa": ("loaded", OLD),
    "bb": ("duplicate", OLD),
    "cc": ("rejected", OLD),
    "dd": ("loaded", NEW),
    "ee": ("landed", OLD),
}


@pytest.fixture
def zones(tmp_path: Path) -> Zones:
    """Files of every status, old and new; `aa` came a second time under another name."""
    made = Zones(tmp_path)
    made.create()
    Ledger(made).close()
    with closing(sqlite3.connect(made.ledger)) as database, database:
        for sha256, (status, landed_at) in [*FILES.items(), ("aa", ("duplicate", OLD))]:
            path = f"{sha256}-{status}.zip"
            database.execute(
                "INSERT INTO file (source, path, sha256, bytes, fingerprint, business_date, revision,"
                " is_dated, keep, status, contract, landed_at, counts_from)"
                " VALUES ('cadre', ?, ?, 1, '', '2020-01-01', 1, 1, 'all', ?, 'c', ?, '2020-01-01')",
                (path, sha256, status, landed_at),
            )
            landed = made.landing / "cadre" / sha256[:2] / sha256
            landed.parent.mkdir(parents=True, exist_ok=True)
            landed.write_bytes(b"x")
    return made


def left(zones: Zones) -> set[str]:
    return {path.name for path in zones.landing.rglob("*") if path.is_file()}


def test_only_settled_bytes_of_the_time_before_are_removed(zones: Zones) -> None:
    with Ledger(zones) as ledger:
        assert prune_landing(zones, ledger, 30) == 2
        assert left(zones) == {"cc", "dd", "ee"}
        assert prune_landing(zones, ledger, 30) == 0


def test_without_a_setting_every_delivered_byte_stays(zones: Zones) -> None:
    with Ledger(zones) as ledger:
        assert prune_landing(zones, ledger, None) == 0
    assert left(zones) == set(FILES)


def test_bytes_that_came_again_lately_stay(zones: Zones) -> None:
    with closing(sqlite3.connect(zones.ledger)) as database, database:
        database.execute("UPDATE file SET landed_at = ? WHERE path = 'aa-duplicate.zip'", (NEW,))
    with Ledger(zones) as ledger:
        prune_landing(zones, ledger, 30)
    assert "aa" in left(zones)
