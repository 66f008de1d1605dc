"""What the machine lacks when a step fails, in words that say what to do; never a word of the data."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import NamedTuple


class Lack(NamedTuple):
    """What the machine lacks: a code, and a sentence that says what to do."""

    code: str
    sentence: str


DISK_FULL = Lack(
    "disk_full", "the disk is full: free space (docs/reliability.md says what may go) and run again"
)
READ_ONLY = Lack(
    "read_only", "the data folder cannot be written (read-only, or of another owner): mend that and run again"
)
OUT_OF_MEMORY = Lack(
    "memory",
    "memory ran out: raise GANXUN_MEMORY_LIMIT, or lower GANXUN_THREADS on a small machine, and run again",
)
_NUMBERS = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOMEM: OUT_OF_MEMORY,
}
# DuckDB, SQLite and dbt pass the system's fault on as a text.
_TEXTS = {
    "No space left on device": DISK_FULL,
    "database or disk is full": DISK_FULL,
    "disk quota exceeded": DISK_FULL,
    "Read-only file system": READ_ONLY,
    "readonly database": READ_ONLY,
    "Permission denied": READ_ONLY,
    "Out of Memory Error": OUT_OF_MEMORY,
    "could not allocate block": OUT_OF_MEMORY,
}


class MachineFault(OSError):
    """The machine failed a step, not a file: nothing is rejected for it, and the next run tries again."""

    def __init__(self, lack: Lack) -> None:
        """The message is the sentence."""
        super().__init__(lack.sentence)
        self.lack = lack


def find_machine_fault(error: BaseException) -> Lack | None:
    """What the machine lacked, from an error or its causes; None: the machine was not at fault."""
    for each in _with_causes(error):
        if isinstance(each, MachineFault):
            return each.lack
        if isinstance(each, MemoryError):
            return OUT_OF_MEMORY
        if isinstance(each, OSError) and each.errno in _NUMBERS:
            return _NUMBERS[each.errno]
        text = str(each)
        for part, lack in _TEXTS.items():
            if part.casefold() in text.casefold():
                return lack
    return None


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
