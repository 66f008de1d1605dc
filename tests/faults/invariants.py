"""What holds after every night, whatever went wrong: checked against the delivered bytes, not the reports."""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import duckdb

from connectors.contract import load_contract
from connectors.zones import Zones
from ganxun.settings import Settings

# The ledger of training is unique by these; a doubled row doubles somebody's hours.
KEYS_OF_LEDGER = ("ledger_id", "source, source_record_id")


def check_invariants(settings: Settings) -> None:
    """Raise AssertionError naming what does not hold after a night that ended well.

    Every delivered row is loaded, quarantined or superseded (counted in the delivered bytes and in the
    Parquet files); no row of the ledger is doubled; both published files are of one run, open, and passed
    their checks; nothing half-written is left where it would be read or could be seen.
    """
    check_every_row_is_accounted_for(settings.zones)
    check_published(settings.zones)
    check_ledger_is_unique(settings.zones)
    check_nothing_is_left_over(settings.zones)


def check_every_row_is_accounted_for(zones: Zones) -> None:
    """read = loaded + quarantined + superseded, by file, against bytes and Parquet."""
    with closing(sqlite3.connect(f"file:{zones.ledger}?mode=ro", uri=True)) as ledger:
        ledger.row_factory = sqlite3.Row
        batches = ledger.execute(
            "SELECT b.*, f.path FROM batch b JOIN file f USING (file_id) WHERE b.status = 'loaded'"
        ).fetchall()
        unfinished = ledger.execute("SELECT path FROM file WHERE status = 'landed'").fetchall()
    assert batches, "nothing is loaded"
    assert not unfinished, f"landed, and neither loaded nor rejected: {[row['path'] for row in unfinished]}"
    for batch in batches:
        where = f"{batch['source_file']} ({batch['entity']})"
        parts = batch["rows_loaded"] + batch["rows_quarantined"] + batch["rows_superseded"]
        assert batch["rows_read"] == parts, where
        parquet = zones.raw / f"{batch['source']}__{batch['entity']}" / f"{batch['batch_id']}.parquet"
        assert _count(f"SELECT count(*) FROM '{parquet}'") == batch["rows_loaded"], where
        quarantine = zones.quarantine / f"{batch['batch_id']}.parquet"
        quarantined = "SELECT count(DISTINCT source_row) FROM '{}' WHERE action = 'quarantined'"
        found = _count(quarantined.format(quarantine)) if quarantine.exists() else 0
        assert found == batch["rows_quarantined"], where
        landed = zones.landing / batch["source"] / batch["sha256"][:2] / batch["sha256"]
        delivered = count_delivered(landed, batch["source"], batch["entity"])
        if delivered is not None:
            assert batch["rows_read"] == delivered, where


def count_delivered(landed: Path, source: str, entity: str) -> int | None:
    """Rows of an entity in a delivered file, counted without the connectors; None for a workbook."""
    container = load_contract(source).entities[entity].container
    head = landed.read_bytes()[:16]
    if head.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(f"file:{landed}?mode=ro", uri=True)) as database:
            (count,) = database.execute(f'SELECT count(*) FROM "{container}"').fetchone()
            return int(count)
    if head.startswith(b"\x1f\x8b"):
        lines = gzip.decompress(landed.read_bytes()).split(b"\n")
        return sum(1 for line in lines if line.strip())
    if container.endswith(".csv"):
        with zipfile.ZipFile(landed) as archive:
            content = archive.read(container)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("gb18030", errors="replace")
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
        return len(rows) - 1
    return None


def check_published(zones: Zones) -> None:
    """Both published files are of the same run, open for a reader, hold rows, and passed their checks."""
    assert zones.warehouse.resolve().parent == zones.restricted.resolve().parent, "two runs are published"
    run_id = zones.warehouse.resolve().parent.name
    with duckdb.connect(str(zones.warehouse), read_only=True) as published:
        tables = published.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
            "WHERE schema_name IN ('marts', 'ops')"
        ).fetchall()
        assert len(tables) > 40
        for (table,) in tables:
            published.execute(f"SELECT count(*) FROM {table}").fetchone()
        people = published.execute("SELECT count(*) FROM marts.dim_cadre").fetchone()
        assert people and people[0] > 0, "published without people"
        failed = published.execute(
            "SELECT message FROM ops.ops_check WHERE run_id = ? AND severity = 'critical' AND NOT success",
            [run_id],
        ).fetchall()
        assert not failed, failed
    with duckdb.connect(str(zones.restricted), read_only=True) as restricted:
        found = restricted.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
        assert found and found[0] > 0, "the restricted file is empty"


def check_ledger_is_unique(zones: Zones) -> None:
    """No row of training is counted twice."""
    with duckdb.connect(str(zones.warehouse), read_only=True) as published:
        for key in KEYS_OF_LEDGER:
            doubled = published.execute(
                f"SELECT count(*) FROM (SELECT {key} FROM marts.fct_training"
                " GROUP BY ALL HAVING count(*) > 1)"
            ).fetchone()
            assert doubled == (0,), f"{doubled} rows of the ledger are doubled by {key}"


def check_nothing_is_left_over(zones: Zones) -> None:
    """No half-written file, no working warehouse with names in it, no open door."""
    left = [
        path.relative_to(zones.root).as_posix()
        for path in zones.root.rglob("*")
        if path.name.startswith((".part-", ".spill-")) or path.name.endswith((".writing", ".next", ".wal"))
    ]
    assert not left, f"left over: {left}"
    builds = [path.name for path in zones.build.iterdir() if path.is_dir()]
    assert not builds, f"working warehouses left over: {builds}"
    for zone in (zones.landing, zones.raw, zones.quarantine, zones.build, zones.keys):
        for path in (zone, *zone.rglob("*")):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.is_dir(), (
                f"others can read {path.name}"
            )
        assert not stat.S_IMODE(zone.stat().st_mode) & 0o077, f"others can enter {zone.name}"


def _count(query: str) -> int:
    row = duckdb.sql(query).fetchone()
    assert row is not None
    return int(row[0])
