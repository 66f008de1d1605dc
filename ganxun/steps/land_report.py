"""What one landing did, for the summary, the scheduler and the log."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass
class LandReport:
    """What one landing did, in counts; no personal data (it travels in XComs and logs).

    `files_landed` were read and loaded now; `files_known` were settled by an earlier run. `faults` are lines
    for people: every rejected or held file with its reason, and names that fit no pattern. `files_held` wait
    at the gate, from earlier runs too. `held_back_reason` names the rejected or held file that leaves a hole
    in the source; None: it is not held back. `is_damaged_tonight` tells whether such a file is of the
    business date itself: waiting for tonight's export is then in vain.
    """

    source: str
    files_landed: int = 0
    files_known: int = 0
    files_duplicate: int = 0
    files_rejected: int = 0
    files_held: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_superseded: int = 0
    newest_business_date: date | None = None
    faults: list[str] = field(default_factory=list)
    held_back_reason: str | None = None
    is_damaged_tonight: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether nothing of the source is held back."""
        return self.held_back_reason is None

    def to_dict(self) -> dict[str, Any]:
        """As JSON-able values."""
        newest = self.newest_business_date
        return asdict(self) | {
            "newest_business_date": newest.isoformat() if newest else None,
            "is_ok": self.is_ok,
        }
