"""The four sources and their readers: one folder a system."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from connectors.delivery import Batch, LandedFile
from connectors.staging import Stage


class Reader(Protocol):
    """What every `connectors.<source>.reader` module offers."""

    def read(self, stage: Stage, file: LandedFile) -> list[Batch]:
        """Stage every batch of a landed file. Raises FileRejected on a file-level fault."""
        ...


def reader_of(source: str) -> Reader:
    """The reader of a source, imported when it is needed. Raises ModuleNotFoundError for an unknown one."""
    reader: Reader = import_module(f"connectors.{source}.reader")
    return reader
