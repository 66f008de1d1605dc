"""The gate of one landing: which files pass, and which wait for a person (the rules: connectors.falls).

A snapshot is judged when it has been read. Parts of a delta are judged together, when every file of their
night has been read: the last part of a night is small by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.contract import Contract
from connectors.delivery import Batch, LandedFile
from connectors.falls import Fall, Volume, find_night_falls, find_snapshot_falls
from connectors.held_files import is_accepted
from connectors.ledger import Ledger


@dataclass(frozen=True)
class Arrival:
    """A file before the gate: rows by entity, and its batches; none if an earlier run staged and held it."""

    file: LandedFile
    rows: dict[str, int]
    batches: list[Batch] | None = None


@dataclass
class Gate:
    """Judges arrivals of one source; a person's word opens it, and so does a night that is now whole."""

    ledger: Ledger
    contract: Contract
    _night: list[Arrival] = field(default_factory=list)

    def keep_for_night(self, arrival: Arrival) -> bool:
        """Whether the arrival is judged with its whole night; it is then kept until `judge_night`."""
        drop = arrival.file.drop
        if not drop.name.pattern.is_delta or all(
            self.contract.entities[entity].fall is None for entity in arrival.rows
        ):
            return False
        self._night.append(arrival)
        return True

    def judge(self, arrival: Arrival) -> list[Fall]:
        """What fell too far in a snapshot; empty: it passes."""
        if is_accepted(self.ledger, arrival.file):
            return []
        return find_snapshot_falls(self.ledger, self.contract, arrival.file, arrival.rows)

    def judge_night(self) -> Iterator[tuple[Arrival, list[Fall]]]:
        """The kept arrivals, accepted ones first, each with what fell too far in its night; none is kept."""
        kept, self._night = self._night, []
        falls = {
            entity: find_night_falls(
                self.ledger,
                self.contract,
                kept[0].file.drop.business_date,
                entity,
                [
                    Volume(one.file.drop.path, one.file.sha256, one.rows[entity])
                    for one in kept
                    if entity in one.rows
                ],
            )
            for entity in sorted({entity for one in kept for entity in one.rows})
        }
        accepted = [is_accepted(self.ledger, one.file) for one in kept]
        for passes in (True, False):
            for arrival, is_passed in zip(kept, accepted, strict=True):
                if is_passed == passes:
                    yield arrival, [] if passes else [fall for name in arrival.rows for fall in falls[name]]
