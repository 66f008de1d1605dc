"""The zones below the data directory (docs/architecture.md), and who may read them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

OWNER_ONLY_DIR = 0o700
OWNER_ONLY_FILE = 0o600


@dataclass(frozen=True)
class Zones:
    """Paths of one data directory. Everything but the de-identified warehouse is owner-only."""

    root: Path

    @property
    def landing(self) -> Path:
        """The delivered bytes, by content hash."""
        return self.root / "landing"

    @property
    def raw(self) -> Path:
        """Typed Parquet, a folder for each `<source>__<entity>`."""
        return self.root / "raw"

    @property
    def quarantine(self) -> Path:
        """Quarantined rows, one Parquet file a batch."""
        return self.raw / "quarantine"

    @property
    def delivered(self) -> Path:
        """What was delivered in quarantined rows, one Parquet file a batch: personal data."""
        return self.quarantine / "delivered"

    @property
    def ledger(self) -> Path:
        """SQLite file of files, batches, checks and runs."""
        return self.root / "ledger.sqlite"

    @property
    def keys(self) -> Path:
        """Secrets of this deployment."""
        return self.root / "keys"

    @property
    def identity_decisions(self) -> Path:
        """What people have decided about identity (docs/identity.md); there is none at first."""
        return self.root / "decisions" / "identity_decision.csv"

    @property
    def quarantine_decisions(self) -> Path:
        """What people have decided about quarantined rows, one file a decision (docs/reliability.md)."""
        return self.root / "decisions" / "quarantine"

    @property
    def build(self) -> Path:
        """Working warehouses of runs in progress."""
        return self.root / "build"

    @property
    def published(self) -> Path:
        """What readers open."""
        return self.root / "published"

    @property
    def versions(self) -> Path:
        """The versioned files behind the published symlinks."""
        return self.published / "versions"

    @property
    def as_of(self) -> Path:
        """De-identified warehouses of old dates that were built to compare with, not to publish."""
        return self.published / "as_of"

    @property
    def current(self) -> Path:
        """Symlink to the folder of the version that readers see: the only thing that publishing swaps."""
        return self.published / "current"

    @property
    def warehouse(self) -> Path:
        """Symlink to the de-identified warehouse of the current version."""
        return self.published / "warehouse.duckdb"

    @property
    def restricted(self) -> Path:
        """Symlink to the restricted warehouse (names, masked numbers) of the current version."""
        return self.published / "warehouse_restricted.duckdb"

    @property
    def logs(self) -> Path:
        """Structured logs, without personal data."""
        return self.root / "logs"

    def create(self) -> None:
        """Make every zone; those that hold personal data are owner-only."""
        for private in (
            self.landing,
            self.raw,
            self.quarantine,
            self.delivered,
            self.keys,
            self.identity_decisions.parent,
            self.quarantine_decisions,
            self.build,
            self.logs,
        ):
            private.mkdir(parents=True, exist_ok=True)
            private.chmod(OWNER_ONLY_DIR)
        self.versions.mkdir(parents=True, exist_ok=True)


def fsync_path(path: Path) -> None:
    """Flush a file or folder to disk, so that a rename after it survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
