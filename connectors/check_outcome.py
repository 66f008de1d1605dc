"""What the ledger needs to know of a judged expectation, without knowing the library that judged it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class CheckOutcome(Protocol):
    """What the ledger keeps of a judged expectation (`expectations.results.CheckResult` is one)."""

    @property
    def table(self) -> str:
        """Table that was judged."""
        ...

    @property
    def expectation(self) -> str:
        """Name of the rule in its suite."""
        ...

    @property
    def column(self) -> str | None:
        """Column, or None for a rule about the whole table."""
        ...

    @property
    def severity(self) -> str:
        """critical, warning or info."""
        ...

    @property
    def success(self) -> bool:
        """Whether the data keep the rule."""
        ...

    @property
    def code(self) -> str:
        """What kind of thing was found."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """Its numbers, and names of tables, columns and rows; no personal data."""
        ...

    @property
    def observed(self) -> str:
        """Counts, shares and bounds; no personal data."""
        ...

    @property
    def unexpected_count(self) -> int | None:
        """Rows that break the rule; None for an aggregate."""
        ...

    @property
    def message(self) -> str:
        """The outcome in words; no personal data."""
        ...
