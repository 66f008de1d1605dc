"""Let people's decisions take effect: batches with decided rows are written once more, before a build.

Parquet is written aside under names made of what was decided, then one ledger transaction makes all of it
count: a kill at any moment leaves the old state or the new one. What is there already is not written again: a
replay changes nothing, and the same files with the same decisions give the same warehouse in a fresh folder.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import structlog

from connectors.contract import load_contract
from connectors.decided_batch import REFUSED, LandedBatch, write_decided
from connectors.ledger import Ledger
from connectors.ledger_decided import DecidedVersion, find_quarantine_file, find_rows_file
from connectors.staging import Origin, Stage, find_one, select_quarantine
from connectors.typing_sql import quote
from ganxun.quarantine.decisions import read_decisions
from ganxun.quarantine.matching import match_decisions, register_batches
from ganxun.quarantine.recheck import Recheck, Validate
from ganxun.settings import Settings

# How a refusal begins in what an older version wrote, without a code.
_OLDER_REFUSAL = "critical expectations fail with this row: "
log = structlog.get_logger()


@dataclass(frozen=True)
class _Decided:
    """A landed batch that decisions are about."""

    batch: LandedBatch
    entity: str
    file_id: int


def apply_decisions(settings: Settings, ledger: Ledger, validate: Validate | None = None) -> int:
    """Bring the ledger and its Parquet to what people have decided; returns how many batches have changed.

    A decision that matches no row here has no effect (`ganxun quarantine list` tells). `validate` judges a
    file with its released rows; the default is the runner with the suite of the source. The caller holds the
    warehouse lock. Raises `DecisionsUnreadable`.
    """
    zones = settings.zones
    decisions = read_decisions(zones)
    known = {
        (row["batch_id"], row["counts_from"]): DecidedVersion(**dict(row))
        for row in ledger.query("SELECT * FROM batch_decided")
    }
    if not decisions and not known:
        return 0
    stage = Stage(zones, settings.threads, settings.memory_limit)
    try:
        register_batches(stage.connection, ledger)
        match_decisions(stage.connection, zones, decisions)
        writer = _Writer(stage, known, Recheck(zones, ledger, validate))
        wanted = {
            (version.batch_id, version.counts_from): version
            for decided in _find_decided(stage)
            for version in writer.write(decided)
        }
    finally:
        stage.close()
    changed = {key[0] for key in {*wanted, *known} if wanted.get(key) != known.get(key)}
    if changed:
        ledger.replace_decided(changed, [one for one in wanted.values() if one.batch_id in changed])
        log.info("quarantine decisions applied", decisions=len(decisions), batches=len(changed))
    _remove_unused(settings, {version.stem for version in wanted.values()})
    return len(changed)


def _find_decided(stage: Stage) -> list[_Decided]:
    """Batches with decided rows; those of one file in the order of their tables."""
    rows = stage.connection.execute(
        """SELECT batch_id, source, source_file, business_date, revision, sha256, rows_read, rows_loaded,
                  rows_quarantined, rows_superseded, entity, file_id
           FROM batch WHERE batch_id IN (SELECT batch_id FROM matched)
           ORDER BY business_date, file_id, entity"""
    ).fetchall()
    return [
        _Decided(LandedBatch(Origin(*row[:5]), *row[5:10]), entity=row[10], file_id=row[11]) for row in rows
    ]


class _Writer:
    """Writes the versions of batches that are not there yet."""

    def __init__(self, stage: Stage, known: dict[tuple[str, str], DecidedVersion], recheck: Recheck) -> None:
        self._stage = stage
        self._known = known
        self._recheck = recheck

    def write(self, decided: _Decided) -> list[DecidedVersion]:
        """The versions of a batch, one for each night from which decisions on it count."""
        batch_id = decided.batch.origin.batch_id
        # Of an earlier version: what was refused stays refused, so that it does not take others with it.
        refused: dict[str, str] = {}
        versions: list[DecidedVersion] = []
        nights = self._stage.connection.execute(
            "SELECT DISTINCT CAST(counts_from AS VARCHAR) FROM matched WHERE batch_id = ? ORDER BY 1",
            [batch_id],
        ).fetchall()
        for (night,) in nights:
            stem = self._name(decided, night)
            version = self._known.get((batch_id, night))
            if version is None or version.stem != stem or not self._is_there(decided, stem):
                version = self._write_one(decided, night, stem, refused)
            refused |= self._read_refused(batch_id, stem)
            self._recheck.use(decided.file_id, decided.entity, version)
            versions.append(version)
        return versions

    def _write_one(self, decided: _Decided, night: str, stem: str, refused: dict[str, str]) -> DecidedVersion:
        contract = load_contract(decided.batch.origin.source).entities[decided.entity]
        batch_id = decided.batch.origin.batch_id
        version = write_decided(
            self._stage, contract, decided.batch, self._select_decided(batch_id, night, refused), night, stem
        )
        released = self._stage.connection.execute(
            f"SELECT DISTINCT decision_id FROM ({self._select_decided(batch_id, night, refused)}) "
            f"WHERE decision = 'released' AND decided_on = DATE {quote(night)}"
        ).fetchall()
        fault = self._recheck.find_fault(decided.file_id, decided.entity, version) if released else None
        if fault is None:
            return version
        refused = refused | {decision_id: str(fault) for (decision_id,) in released}
        log.warning(
            "quarantine decisions refused", batch_id=batch_id, decisions=len(released), reason=str(fault)
        )
        return write_decided(
            self._stage, contract, decided.batch, self._select_decided(batch_id, night, refused), night, stem
        )

    def _select_decided(self, batch_id: str, night: str, refused: dict[str, str]) -> str:
        """SQL of the newest decision on each row that counts in a night."""
        pairs = [f"({quote(one)}, {quote(reason)})" for one, reason in refused.items()]
        reasons = ", ".join(pairs or ["(NULL::VARCHAR, NULL::VARCHAR)"])
        return f"""
            SELECT source_row, decision, corrections, decision_id, counts_from AS decided_on, refusal
            FROM (SELECT *, row_number() OVER (PARTITION BY source_row
                                               ORDER BY decided_at DESC, decision_id DESC) AS place
                  FROM matched WHERE batch_id = {quote(batch_id)} AND counts_from <= DATE {quote(night)})
            LEFT JOIN (VALUES {reasons}) refused(decision_id, refusal) USING (decision_id)
            WHERE place = 1"""

    def _name(self, decided: _Decided, night: str) -> str:
        """A name that tells the decisions: another decision, or another contract, is another file."""
        batch_id = decided.batch.origin.batch_id
        contract = load_contract(decided.batch.origin.source).digest
        (digest,) = find_one(
            self._stage.connection,
            f"SELECT sha256({quote(contract)} || string_agg(source_row || ':' || decision_id, ',' "
            f"ORDER BY source_row)) FROM ({self._select_decided(batch_id, night, {})})",
        )
        return f"{batch_id}-{str(digest)[:16]}"

    def _is_there(self, decided: _Decided, stem: str) -> bool:
        origin, zones = decided.batch.origin, self._stage.zones
        return (
            find_rows_file(zones, origin.source, decided.entity, origin.batch_id, stem).exists()
            and find_quarantine_file(zones, origin.batch_id, stem).exists()
        )

    def _read_refused(self, batch_id: str, stem: str) -> dict[str, str]:
        path = find_quarantine_file(self._stage.zones, batch_id, stem)
        rows = self._stage.connection.execute(
            f"SELECT DISTINCT decision_id, reason FROM {select_quarantine(path)} "
            "WHERE decision_id IS NOT NULL AND "
            f"coalesce(reason_code = {quote(REFUSED)}, starts_with(reason, {quote(_OLDER_REFUSAL)}))"
        ).fetchall()
        return dict(rows)


def _remove_unused(settings: Settings, used: Collection[str]) -> None:
    """Files of versions that no longer count, or that a killed run left."""
    for path in settings.zones.raw.glob("*/decided/*"):
        if path.stem not in used:
            path.unlink(missing_ok=True)
