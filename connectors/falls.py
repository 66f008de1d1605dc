"""The gate: a fetch with far fewer rows than the nights before waits until a person has looked at it.

A snapshot is compared with the last one that was loaded. What changed (a delta) varies from night to night,
so a whole night of it is compared with the median of the last nights, and only a fall that no quiet day
explains counts. The limits are facts of a source: `fall` of an entity in its contract.yml.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from connectors.delivery import LandedFile
from connectors.ledger import Ledger, strip_revision
from connectors.reasons import Reason

if TYPE_CHECKING:
    from connectors.contract import Contract, FallLimit

# A usual night: the median of the last seven that delivered, not older than two weeks. Fewer than four say
# nothing: the first delivery is years of history, and history comes a month a file.
NIGHTS_BEFORE = 7
DAYS_BEFORE = 14
FEWEST_NIGHTS = 4


@dataclass(frozen=True)
class Fall:
    """Rows of one entity that are missing against the nights before: more than its limit allows.

    `nights_before` is 1 for a snapshot; of a delta, whose rows are those of a whole night, the number of
    nights of which `rows_before` is the median.
    """

    entity: str
    rows_now: int
    rows_before: int
    nights_before: int
    limit: float

    @property
    def share(self) -> float:
        """The share of the rows before that is missing, 0 to 1."""
        return 1 - self.rows_now / self.rows_before

    def __str__(self) -> str:
        before = "before" if self.nights_before == 1 else f"in the median of {self.nights_before} nights"
        return (
            f"{self.entity} {self.rows_now:,} rows, {self.rows_before:,} {before}"
            f" (down {self.share:.1%}, limit {self.limit:.0%})"
        )


@dataclass(frozen=True)
class Volume:
    """What one file brings of one entity."""

    path: str
    sha256: str
    rows: int


def describe_falls(falls: Iterable[Fall]) -> Reason:
    """The reason that the ledger keeps of a held file, with all numbers."""
    return Reason("held", {"falls": "; ".join(map(str, falls))})


def find_snapshot_falls(
    ledger: Ledger, contract: Contract, file: LandedFile, rows: Mapping[str, int]
) -> list[Fall]:
    """Entities of a snapshot that fall too far against the last snapshot; empty for the first one."""
    before = ledger.rows_of_previous_snapshot(file)
    return [
        fall
        for entity, now in rows.items()
        if (limit := contract.entities[entity].fall) is not None
        and (fall := _compare(entity, now, before.get(entity, 0), 1, limit)) is not None
    ]


def find_night_falls(
    ledger: Ledger, contract: Contract, night: date, entity: str, brought: Iterable[Volume]
) -> list[Fall]:
    """Whether a delta's whole night falls too far: what is loaded of it together with what is `brought`."""
    limit = contract.entities[entity].fall
    if limit is None:
        return []
    nights: dict[date, list[Volume]] = {}
    rows = ledger.query(
        "SELECT file.business_date, file.path, file.sha256, batch.rows_loaded "
        "FROM file JOIN batch USING (file_id) WHERE file.source = ? AND file.business_date BETWEEN ? AND ? "
        "AND file.status = 'loaded' AND batch.entity = ?",
        (contract.source, (night - timedelta(days=DAYS_BEFORE)).isoformat(), night.isoformat(), entity),
    )
    for row in rows:
        volume = Volume(row["path"], row["sha256"], row["rows_loaded"])
        nights.setdefault(date.fromisoformat(row["business_date"]), []).append(volume)
    now = _count_night([*nights.pop(night, []), *brought])
    usual = [_count_night(nights[day]) for day in sorted(nights, reverse=True)[:NIGHTS_BEFORE]]
    if len(usual) < FEWEST_NIGHTS:
        return []
    fall = _compare(entity, now, round(statistics.median(usual)), len(usual), limit)
    return [fall] if fall else []


def _count_night(volumes: Iterable[Volume]) -> int:
    """Rows of a night, each part once: what is sent again may be a whole part or its corrections only."""
    parts: dict[str, int] = {}
    for volume in {volume.sha256: volume for volume in volumes}.values():
        part = strip_revision(volume.path)
        parts[part] = max(parts.get(part, 0), volume.rows)
    return sum(parts.values())


def _compare(entity: str, now: int, before: int, nights: int, limit: FallLimit) -> Fall | None:
    if before < limit.from_rows or now >= before * (1 - limit.limit):
        return None
    return Fall(entity, now, before, nights, limit.limit)
