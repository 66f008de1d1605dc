"""What passes between landing, readers, staging and the ledger: a file of the drop and its batches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.reasons import Reason, join_reasons

if TYPE_CHECKING:
    from connectors.contract import NamedFile


class FileRejected(Exception):
    """A file-level fault: nothing of this file can be trusted. The reason holds no personal data."""

    def __init__(self, code: str, **parameters: str | float) -> None:
        """Keep the reason; the message is its sentence."""
        self.reason = Reason(code, parameters)
        super().__init__(str(self.reason))


@dataclass(frozen=True)
class DropFile:
    """A file as a system left it in the drop.

    `fingerprint` changes whenever the file is written (size and times, or an ETag); empty: unknown.
    `counts_from` is the first business date whose build may use it; None: the file's own. `size` is in bytes,
    when the file was found; None: the file system does not say.
    """

    source: str
    path: str
    url: str
    business_date: date
    revision: int
    name: NamedFile
    fingerprint: str = ""
    counts_from: date | None = None
    size: int | None = None


@dataclass(frozen=True)
class LandedFile:
    """A file whose bytes are safe in the landing zone."""

    drop: DropFile
    sha256: str
    size: int
    local: Path

    def batch_id(self, entity: str) -> str:
        """Name of the batch of one entity: the same file gives the same names again (idempotent replay)."""
        parts = (self.drop.source, self.drop.path, self.sha256, entity)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Batch:
    """The rows of one entity in one file: rows_read = rows_loaded + rows_quarantined + rows_superseded.

    `notes` are what people should know of the file, the most telling first.
    """

    batch_id: str
    entity: str
    source_file: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    rows_superseded: int
    notes: tuple[Reason, ...] = ()

    @property
    def note(self) -> str:
        """The notes as one sentence."""
        return join_reasons(self.notes)
