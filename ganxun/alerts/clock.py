"""The clock of messages, in one place: tests set it, so that no test waits for a night."""

from __future__ import annotations

from datetime import UTC, datetime


def read_clock() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
