"""People's decisions on quarantined rows: one file a decision in `decisions/quarantine/`, never changed.

A decision names its rows by what a replay gives again: the file's content (SHA-256) and the row's number in
it. Beside them stands a hash of what was delivered in each row: the same row, delivered again in a later
export, needs no second decision. The files can hold corrected personal values: owner-only, never logged.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from connectors.landing import publish_file
from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE, Zones

Verdict = Literal["released", "discarded"]
FORMAT = 1
_DECISION = pa.schema(
    [(name, pa.string()) for name in ("decision_id", "decision", "decided_at", "decided_by", "why", "source",
                                      "entity", "corrections")] + [("counts_from", pa.date32())]
)  # fmt: skip
_DECIDED_ROW = pa.schema([
    ("decision_id", pa.string()), ("sha256", pa.string()), ("business_date", pa.date32()),
    ("source_row", pa.int64()), ("content", pa.string())])  # fmt: skip


class DecisionsUnreadable(RuntimeError):
    """A decision cannot be read; the message names the file, never what it holds."""


@dataclass(frozen=True)
class DecidedFile:
    """Rows of one delivered file; `contents` are hashes of what was delivered (None: not readable)."""

    sha256: str
    business_date: str
    source_rows: list[int]
    contents: list[str | None]


@dataclass(frozen=True)
class Decision:
    """What somebody decided about rows of one table, and the first business date for which it counts.

    `corrections` are texts as the system would deliver them, by field; None empties the field.
    """

    decision_id: str
    decision: Verdict
    decided_at: str
    decided_by: str
    why: str
    counts_from: date
    source: str
    entity: str
    corrections: dict[str, str | None]
    files: list[DecidedFile]

    @property
    def rows(self) -> int:
        """How many rows were decided about."""
        return sum(len(file.source_rows) for file in self.files)


def write_decision(zones: Zones, decision: Decision) -> Path:
    """Keep a decision: written aside, flushed, renamed. After a kill it is there whole or not at all."""
    folder = zones.quarantine_decisions
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
    folder.chmod(OWNER_ONLY_DIR)
    final = folder / f"{decision.decision_id}.json"
    temporary = folder / f".part-{decision.decision_id}"
    document = {"format": FORMAT} | asdict(decision) | {"counts_from": decision.counts_from.isoformat()}
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        publish_file(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    return final


def make_decision_id(counts_from: date, decided_at: datetime) -> str:
    """A name that tells from when on the decision counts and that two people at once do not share."""
    return f"{counts_from:%Y%m%d}-{decided_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"


def read_decisions(zones: Zones) -> list[Decision]:
    """Every decision, the oldest first. Raises `DecisionsUnreadable`: none may be left out silently."""
    return sorted(map(_read, _list_files(zones)), key=lambda one: (one.decided_at, one.decision_id))


def digest_quarantine_decisions(zones: Zones, business_date: date) -> str:
    """SHA-256 over the decisions that count at a date; empty: there are none."""
    counting = [path for path in _list_files(zones) if path.name[:8] <= f"{business_date:%Y%m%d}"]
    lines = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in counting]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def register_decisions(connection: duckdb.DuckDBPyConnection, decisions: list[Decision]) -> None:
    """Create the tables `decision` (one row each) and `decided_row` (one row a row decided about)."""
    heads = [
        {name: getattr(one, name) for name in _DECISION.names if name != "corrections"}
        | {"corrections": json.dumps(one.corrections, ensure_ascii=False)}
        for one in decisions
    ]
    connection.register("heads", pa.Table.from_pylist(heads, schema=_DECISION))
    connection.execute("CREATE OR REPLACE TEMP TABLE decision AS SELECT * FROM heads")
    connection.unregister("heads")
    parts = [
        pa.table(
            [
                pa.repeat(one.decision_id, len(file.source_rows)),
                pa.repeat(file.sha256, len(file.source_rows)),
                pa.repeat(pa.scalar(date.fromisoformat(file.business_date)), len(file.source_rows)),
                pa.array(file.source_rows, pa.int64()),
                pa.array(file.contents, pa.string()),
            ],
            schema=_DECIDED_ROW,
        )
        for one in decisions
        for file in one.files
    ]
    connection.register("parts", pa.concat_tables(parts) if parts else _DECIDED_ROW.empty_table())
    connection.execute("CREATE OR REPLACE TEMP TABLE decided_row AS SELECT * FROM parts")
    connection.unregister("parts")


def _list_files(zones: Zones) -> Iterator[Path]:
    folder = zones.quarantine_decisions
    return iter(sorted(folder.glob("[!.]*.json"))) if folder.is_dir() else iter(())


def _read(path: Path) -> Decision:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document.pop("format") != FORMAT:
            raise ValueError("format")
        files = [DecidedFile(**file) for file in document.pop("files")]
        if any(len(file.source_rows) != len(file.contents) for file in files):
            raise ValueError("rows")
        counts_from = date.fromisoformat(document.pop("counts_from"))
        decision = Decision(**document, files=files, counts_from=counts_from)
        if decision.decision not in ("released", "discarded"):
            raise ValueError("decision")
        if decision.decision_id != path.stem or path.name[:8] != f"{counts_from:%Y%m%d}":
            raise ValueError("name")
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DecisionsUnreadable(
            f"decisions/quarantine/{path.name} cannot be read: bring it back from the backup"
        ) from None
    return decision
