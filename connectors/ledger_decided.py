"""What the ledger knows of batches after people's decisions on quarantined rows: a version a night.

The batch as it was landed never changes. A version counts from the night of its newest decision on, so that a
build of an earlier date still sees what that night saw (docs/reliability.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from connectors.zones import Zones

SCHEMA_DECIDED = """
CREATE TABLE IF NOT EXISTS batch_decided (
    batch_id TEXT NOT NULL REFERENCES batch ON DELETE CASCADE, counts_from TEXT NOT NULL, stem TEXT NOT NULL,
    rows_read INTEGER NOT NULL, rows_loaded INTEGER NOT NULL, rows_quarantined INTEGER NOT NULL,
    rows_superseded INTEGER NOT NULL, rows_discarded INTEGER NOT NULL,
    PRIMARY KEY (batch_id, counts_from),
    CHECK (rows_read = rows_loaded + rows_quarantined + rows_superseded),
    CHECK (rows_discarded <= rows_quarantined));
"""

# Joins `batch` with its version at the date `:day`; all columns are null where nothing was decided by then.
JOIN_DECIDED = """
LEFT JOIN batch_decided AS decided ON decided.batch_id = batch.batch_id AND decided.counts_from = (
    SELECT max(earlier.counts_from) FROM batch_decided AS earlier
    WHERE earlier.batch_id = batch.batch_id AND earlier.counts_from <= :day)
"""


@dataclass(frozen=True)
class DecidedVersion:
    """A batch with the decisions up to a night; discarded rows are among the quarantined ones."""

    batch_id: str
    counts_from: str
    stem: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_superseded: int
    rows_discarded: int


def find_rows_file(zones: Zones, source: str, entity: str, batch_id: str, stem: str | None) -> Path:
    """The typed rows of a batch: as landed, or of the version `stem`."""
    folder = zones.raw / f"{source}__{entity}"
    return folder / "decided" / f"{stem}.parquet" if stem else folder / f"{batch_id}.parquet"


def find_quarantine_file(zones: Zones, batch_id: str, stem: str | None) -> Path:
    """The quarantine of a batch: as landed, or of the version `stem`; absent where nothing was faulty."""
    folder = zones.quarantine
    return folder / "decided" / f"{stem}.parquet" if stem else folder / f"{batch_id}.parquet"
