"""Files that wait at the gate, and what people decided about them: both in the ledger, so backups keep them.

A held file's bytes are in landing and its numbers in `held_rows`; nothing of it counts. A person's acceptance
is of these very bytes: what comes later under the same name is judged anew. A held file is moot when a newer
snapshot, or of a delta the same part sent again, has been loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from sqlite3 import Row

from connectors.delivery import DropFile, LandedFile
from connectors.falls import Fall
from connectors.landing import landed_path
from connectors.ledger import Ledger, now


class AcceptanceRefused(ValueError):
    """There is nothing to accept under this name; the message says what the file is. No personal data."""


@dataclass(frozen=True)
class Acceptance:
    """Who let a file pass, when (UTC, ISO 8601) and why."""

    accepted_by: str
    accepted_at: str
    reason: str


@dataclass(frozen=True)
class HeldFile:
    """A file at the gate: its bytes, rows by entity, what fell too far, and a person's word if any."""

    file: LandedFile
    landed_at: str
    numbers: str
    rows: dict[str, int]
    falls: list[Fall]
    acceptance: Acceptance | None
    is_moot: bool


def keep_held_rows(ledger: Ledger, file: LandedFile, rows: dict[str, int], falls: Iterable[Fall]) -> None:
    """Keep the numbers of a file that is about to be held; a later judgement replaces them."""
    found = {fall.entity: fall for fall in falls}
    ledger.replace_held_rows(
        file,
        [
            (entity, count, fall.rows_now, fall.rows_before, fall.nights_before, fall.limit)
            if (fall := found.get(entity))
            else (entity, count, None, None, None, None)
            for entity, count in rows.items()
        ],
    )


def find_falls(ledger: Ledger, file_id: int) -> list[Fall]:
    """What fell too far in a file when it was last judged, in the order of its tables."""
    rows = ledger.query(
        "SELECT entity, rows_compared, rows_before, nights_before, fall_limit FROM held_rows "
        "WHERE file_id = ? AND rows_before IS NOT NULL ORDER BY rowid",
        (file_id,),
    )
    return [Fall(*row) for row in rows]


def list_held(ledger: Ledger, source: str | None = None) -> list[HeldFile]:
    """Every file of status `held`, the oldest night first; of one source or of all."""
    rows = ledger.query(
        "SELECT file.*, acceptance.accepted_by, acceptance.accepted_at, acceptance.reason AS why "
        "FROM file LEFT JOIN acceptance USING (source, path, sha256) "
        "WHERE status = 'held' AND (source = ? OR ? IS NULL) ORDER BY business_date, revision, file_id",
        (source, source),
    )
    held = []
    for row in rows:
        # Most nights nothing is held, and contracts take their time to read.
        from connectors.contract import load_contract

        contract = load_contract(row["source"])
        name = contract.interpret(row["path"])
        if name is None:
            continue  # the contract no longer knows such files
        drop = DropFile(
            row["source"], row["path"], "", date.fromisoformat(row["business_date"]), row["revision"], name,
            row["fingerprint"], date.fromisoformat(row["counts_from"]),
        )  # fmt: skip
        numbers = [
            one
            for one in ledger.query(
                "SELECT * FROM held_rows WHERE file_id = ? ORDER BY rowid", (row["file_id"],)
            )
            if one["entity"] in contract.entities
        ]
        held.append(
            HeldFile(
                file=LandedFile(
                    drop, row["sha256"], row["bytes"], landed_path(ledger.zones, row["source"], row["sha256"])
                ),
                landed_at=row["landed_at"],
                numbers=row["reason"],
                rows={one["entity"]: one["rows_now"] for one in numbers},
                falls=[
                    fall for fall in find_falls(ledger, row["file_id"]) if fall.entity in contract.entities
                ],
                acceptance=Acceptance(row["accepted_by"], row["accepted_at"], row["why"])
                if row["accepted_at"]
                else None,
                is_moot=_is_moot(ledger, drop, row["file_id"]),
            )
        )
    return held


def list_waiting(ledger: Ledger, source: str | None = None) -> list[HeldFile]:
    """Held files that still matter: neither moot nor loaded; accepted ones wait for the next run only."""
    return [held for held in list_held(ledger, source) if not held.is_moot]


def is_accepted(ledger: Ledger, file: LandedFile) -> bool:
    """Whether a person has let these very bytes pass."""
    drop = file.drop
    return bool(
        ledger.query(
            "SELECT 1 FROM acceptance WHERE source = ? AND path = ? AND sha256 = ?",
            (drop.source, drop.path, file.sha256),
        )
    )


def accept(ledger: Ledger, paths: Iterable[str], reason: str, accepted_by: str) -> dict[str, Acceptance]:
    """Let held files pass the gate in the next run: all that are named, or none. Returns what stands.

    A path is that in the drop; of several contents under it the newest is meant. A second acceptance changes
    nothing: who came first stands, also when the file is loaded by now. Raises `AcceptanceRefused`.
    """
    at = now()
    given, new = {}, []
    for path in paths:
        row = _find_newest(ledger, path)
        if row["accepted_at"]:
            given[path] = Acceptance(row["accepted_by"], row["accepted_at"], row["why"])
        else:
            given[path] = Acceptance(accepted_by, at, reason)
            new.append((row["source"], path, row["sha256"], at, accepted_by, reason, row["reason"]))
    ledger.add_acceptances(new)
    return given


def _find_newest(ledger: Ledger, path: str) -> Row:
    """The newest content under a path, held or accepted before. Raises `AcceptanceRefused` for any other."""
    rows = ledger.query(
        "SELECT file.*, acceptance.accepted_by, acceptance.accepted_at, acceptance.reason AS why "
        "FROM file LEFT JOIN acceptance USING (source, path, sha256) WHERE path = ? "
        "ORDER BY file_id DESC LIMIT 1",
        (path,),
    )
    if not rows:
        raise AcceptanceRefused(f"{path}: no such file has been landed{_name_waiting(ledger)}")
    row = rows[0]
    if row["status"] != "held" and not row["accepted_at"]:
        said = {
            "loaded": "is loaded: it does not wait at the gate",
            "duplicate": "has the same content as a loaded file: nothing is missing",
            "rejected": f"cannot be read, which no acceptance changes ({row['reason']})",
            "landed": "has not been read yet: the next run does",
        }[row["status"]]
        raise AcceptanceRefused(f"{path} {said}{_name_waiting(ledger)}")
    return row


def _name_waiting(ledger: Ledger) -> str:
    waiting = [held.file.drop.path for held in list_waiting(ledger)]
    return "; waiting: " + ", ".join(waiting) if waiting else "; nothing is waiting"


def _is_moot(ledger: Ledger, drop: DropFile, file_id: int) -> bool:
    if drop.name.pattern.is_delta:
        return ledger.has_loaded_revision(drop)
    return bool(
        ledger.query(
            "SELECT 1 FROM file WHERE source = ? AND keep = ? AND status = 'loaded' "
            "AND (business_date > ? OR (business_date = ? AND file_id > ?))",
            (drop.source, drop.name.pattern.keep, day := drop.business_date.isoformat(), day, file_id),
        )
    )
