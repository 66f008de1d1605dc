"""A ledger outlives versions of the program: a newer one may open it while an older one is at work."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors import ledger
from connectors.ledger import Ledger
from connectors.ledger_decided import DecidedVersion
from connectors.zones import Zones

TABLES = ("file", "batch", "batch_decided", "held_rows", "acceptance", "check_result", "run")


@pytest.fixture
def of_tomorrow(tmp_path: Path) -> Ledger:
    """A ledger to which a later version has added a column in every table."""
    opened = Ledger(Zones(tmp_path))
    for table in TABLES:
        opened.query(f"ALTER TABLE {table} ADD COLUMN of_a_later_version TEXT")
    return opened


def test_columns_of_a_later_version_stop_no_night(of_tomorrow: Ledger) -> None:
    of_tomorrow.start_run("r1", date(2026, 6, 30), "rules", "code")
    outcome = SimpleNamespace(
        **{"table": "t", "expectation": "e", "column": None, "severity": "critical", "success": True},
        **{"observed": "1 row", "unexpected_count": None, "message": "fine", "code": "rows", "facts": {}},
    )
    of_tomorrow.record_checks("r1", "marts", "marts", [outcome])
    of_tomorrow.add_acceptances([("cadre", "a.zip", "0" * 64, "2026-07-01", "somebody", "checked", "{}")])
    of_tomorrow.query(
        "INSERT INTO file (source, path, sha256, bytes, fingerprint, business_date, revision, is_dated, keep,"
        " status, contract, landed_at, counts_from) VALUES ('cadre', 'a.zip', 'x', 1, 'f', '2026-06-30', 1,"
        " 1, 'newest', 'loaded', 'c', 'now', '2026-06-30')"
    )
    of_tomorrow.query(
        "INSERT INTO batch (batch_id, file_id, source, entity, business_date, revision, source_file, sha256,"
        " bytes, rows_read, rows_loaded, rows_quarantined, rows_superseded, status, landed_at)"
        " VALUES ('b1', 1, 'cadre', 'unit', '2026-06-30', 1, 'a.zip', 'x', 1, 1, 1, 0, 0, 'loaded', 'now')"
    )
    of_tomorrow.replace_decided(["b1"], [DecidedVersion("b1", "2026-06-30", "b1-1", 1, 1, 0, 0, 0)])
    for table in ("check_result", "acceptance", "batch_decided", "run"):
        assert of_tomorrow.query(f"SELECT count(*) FROM {table}")[0][0] == 1, table


def test_no_statement_of_the_ledger_counts_columns() -> None:
    text = Path(ledger.__file__).read_text(encoding="utf-8")
    assert re.findall(r"INSERT INTO \w+ VALUES", text) == []
    assert text.count("insert_into(") == 5
