"""What a build knows of identity beside the exports: people's decisions, and how people were tied before.

Decisions lie in `decisions/identity_decision.csv` of the data directory, written by the organization
department from `restricted.identity_review`; they are personal data and never part of the repository. Earlier
links come from the restricted file of the newest version published for an earlier business date.
"""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

import duckdb

from connectors.zones import Zones
from ganxun.steps.failures import StepFailed

DECISION_COLUMNS = (
    "source",
    "source_person_id",
    "person_code",
    "decision",
    "decided_by",
    "decided_on",
    "note",
)
SOURCES = {"academic", "backfill", "academy", "mobile"}
DECISIONS = {"confirmed", "rejected"}
_HISTORY_TYPES = {
    "source": "varchar",
    "source_person_id": "varchar",
    "person_code": "varchar",
    "rule": "varchar",
    "score": "double",
    "decided_by": "varchar",
    "valid_from": "date",
    "valid_to": "date",
}


class DecisionsUnreadable(StepFailed):
    """The decisions cannot be read; the message names row and field, never what they hold."""

    code = "decisions"


def add_identity_tables(connection: duckdb.DuckDBPyConnection, zones: Zones, business_date: date) -> None:
    """Create `raw.ops__identity_decision` and `raw.ops__identity_history`, empty where nothing is known."""
    types = ", ".join(f"{name} {'date' if name == 'decided_on' else 'varchar'}" for name in DECISION_COLUMNS)
    connection.execute(f"create table raw.ops__identity_decision ({types})")
    rows = read_decisions(zones.identity_decisions)
    if rows:
        marks = ", ".join("?" for _ in DECISION_COLUMNS)
        connection.executemany(f"insert into raw.ops__identity_decision values ({marks})", rows)
    types = ", ".join(f"{name} {sql_type}" for name, sql_type in _HISTORY_TYPES.items())
    connection.execute(f"create table raw.ops__identity_history ({types})")
    version = find_earlier_version(zones, business_date)
    if version is None:
        return
    connection.execute(f"attach '{version / zones.restricted.name}' as earlier (read_only)")
    names = ", ".join(_HISTORY_TYPES)
    kept = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = 'earlier' and table_name = 'identity_history'"
    ).fetchone()
    if kept and kept[0]:
        rows_of = f"select {names} from earlier.restricted.identity_history"
    else:  # published before there was a history: it begins with that version's links
        rows_of = (
            "select source, source_person_id, person_code, rule, score, decided_by, "
            f"date '{_business_date(version)}', cast(null as date) "
            "from earlier.restricted.identity_link where person_code is not null"
        )
    connection.execute(f"insert into raw.ops__identity_history {rows_of}")
    connection.execute("detach earlier")


def digest_decisions(zones: Zones) -> str:
    """SHA-256 of the file of decisions; empty where there is none. Another decision: another warehouse."""
    path = zones.identity_decisions
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def find_earlier_version(zones: Zones, business_date: date) -> Path | None:
    """The version whose history a build continues.

    The newest of the latest business date before this one, so that a replay of a night starts from where the
    night itself did; failing that the published one (the models keep of it what is earlier).
    """
    versions = [path for path in zones.versions.iterdir() if (path / zones.restricted.name).exists()]
    earlier = [path for path in versions if _business_date(path) < business_date]
    if earlier:
        return max(earlier, key=lambda path: path.name)
    return zones.restricted.resolve().parent if zones.restricted.exists() else None


def read_decisions(path: Path) -> list[tuple[str | date | None, ...]]:
    """Rows of the file of decisions, checked; none where there is no file.

    UTF-8 (with or without a BOM) or GB18030, as spreadsheet programs write CSV. Raises `DecisionsUnreadable`
    on a missing column, an empty or unknown value, or a pair decided twice: a decision that is silently left
    out would tie somebody to the wrong person again.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in DECISION_COLUMNS if name not in (reader.fieldnames or []) and name != "note"]
    if missing:
        raise DecisionsUnreadable(f"{path.name}: column missing: {', '.join(missing)}")
    rows: list[tuple[str | date | None, ...]] = []
    decided: set[tuple[str, str, str]] = set()
    for number, record in enumerate(reader, start=2):
        values = {name: (record.get(name) or "").strip() for name in DECISION_COLUMNS}
        if not any(values.values()):
            continue
        rows.append(_check(path.name, number, values))
        pair = (values["source"], values["source_person_id"], values["person_code"])
        if pair in decided:
            raise _unreadable(path.name, number, "this pair is decided in another row too")
        decided.add(pair)
    return rows


def _unreadable(name: str, number: int, reason: str) -> DecisionsUnreadable:
    return DecisionsUnreadable(f"{name} row {number}: {reason}", f"row {number}")


def _check(name: str, number: int, values: dict[str, str]) -> tuple[str | date | None, ...]:
    for column in DECISION_COLUMNS:
        if not values[column] and column != "note":
            raise _unreadable(name, number, f"{column} is empty")
    if values["source"] not in SOURCES:
        raise _unreadable(name, number, f"source is none of {', '.join(sorted(SOURCES))}")
    if values["decision"] not in DECISIONS:
        raise _unreadable(name, number, "decision is neither confirmed nor rejected")
    try:
        decided_on = date.fromisoformat(values["decided_on"])
    except ValueError:
        raise _unreadable(name, number, "decided_on is not a date YYYY-MM-DD") from None
    return (
        *(values[column] for column in DECISION_COLUMNS[:5]),
        decided_on,
        values["note"] or None,
    )


def _business_date(version: Path) -> date:
    """A version is named after its run, which begins with its business date; others are of no date."""
    try:
        return date.fromisoformat(version.name[:8])
    except ValueError:
        return date.max
