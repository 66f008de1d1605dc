"""Land: bring the new files of one source home, read them, judge them, and commit them to the ledger.

    drop > landing (bytes) > raw Parquet and quarantine (staged) > expectations > gate > ledger (committed)

A file-level fault (damaged, manifest mismatch, required column missing, a failed critical expectation)
rejects that file and no other; one with far fewer rows than the nights before is held at the gate until a
person accepts it. A crash anywhere leaves at most staged Parquet that nothing refers to: the
next run reads the file again and writes the same names. A file that the ledger knows is skipped.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import structlog

from connectors.check_outcome import CheckOutcome
from connectors.contract import Contract, load_contract
from connectors.delivery import Batch, DropFile, FileRejected, LandedFile
from connectors.discovery import discover, is_still_written
from connectors.export_time import find_newest_change, night_of, read_stated_instant
from connectors.falls import Fall, describe_falls
from connectors.held_files import HeldFile, keep_held_rows, list_held, list_waiting
from connectors.landing import land_file
from connectors.ledger import KnownFile, Ledger
from connectors.reasons import Reason
from connectors.registry import reader_of
from connectors.staging import Stage
from ganxun.settings import Settings
from ganxun.steps.gate import Arrival, Gate
from ganxun.steps.land_report import LandReport
from ganxun.steps.machine_faults import MachineFault, find_machine_fault

Progress = Callable[[str, int, int], None]
Validate = Callable[[str, Mapping[str, pa.Table]], Sequence[CheckOutcome]]
# Stands for the contract of a file that is read again each night: its fault may lie in the code or a suite.
_READ_AGAIN = ""
log = structlog.get_logger()


def land(
    settings: Settings,
    source: str,
    drop: str,
    business_date: date,
    progress: Progress | None = None,
    validate: Validate | None = None,
) -> LandReport:
    """Land every file of a source in a drop, up to a business date, that is not landed yet.

    `drop` is a folder or an fsspec URL. `progress` is told (what, files done, files in all). `validate`
    judges the staged tables of each file; the default is `expectations.runner.validate` with the suite of
    the source. Faults of files are in the report, never raised; an unreachable drop raises OSError.
    """
    settings.zones.create()
    landing = _Landing(settings, source, business_date, validate)
    try:
        return landing.run(drop, progress)
    finally:
        landing.ledger.close()


class _Landing:
    """One landing run of one source: state that its steps share."""

    def __init__(
        self, settings: Settings, source: str, business_date: date, validate: Validate | None
    ) -> None:
        self.settings = settings
        self.source = source
        self.business_date = business_date
        self.run_id = f"land-{source}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        self.contract: Contract = load_contract(source)
        self.report = LandReport(source)
        self.ledger = Ledger(settings.zones)
        self._validate = validate
        self._left_out: list[tuple[DropFile, str]] = []
        self._gate = Gate(self.ledger, self.contract)
        self._newest_night = business_date

    def run(self, drop: str, progress: Progress | None) -> LandReport:
        found = discover(self.contract, drop, self.business_date)
        self.report.faults += [f"{path}: the name fits no pattern of the contract" for path in found.unknown]
        nights = (found.newest_night, self.ledger.newest_business_date(self.source, date.max))
        self._newest_night = max([self.business_date, *(night for night in nights if night is not None)])
        stage = Stage(self.settings.zones, self.settings.threads, self.settings.memory_limit)
        try:
            done = 0
            for held_files, files in self._sort_by_night(found.files):
                for held in held_files:
                    self._look_again(stage, held)
                for file in files:
                    if progress is not None:
                        progress(f"landing {file.path}", done, len(found.files))
                    self._take(stage, file)
                    done += 1
                for arrival, falls in self._gate.judge_night():
                    self._settle(stage, arrival, falls)
        finally:
            stage.close()
        self.report.newest_business_date = self.ledger.newest_business_date(self.source, self.business_date)
        self._say_held()
        holes = self._find_holes()
        if holes:
            oldest, reason = holes[0]
            self.report.held_back_reason = f"{oldest.path}: {reason}"
        self.report.is_damaged_tonight = any(hole.business_date == self.business_date for hole, _ in holes)
        return self.report

    def _sort_by_night(self, files: list[DropFile]) -> list[tuple[list[HeldFile], list[DropFile]]]:
        """Held files of earlier runs and files of the drop, night by night, the oldest first."""
        nights: dict[date, tuple[list[HeldFile], list[DropFile]]] = {}
        for held in list_held(self.ledger, self.source):
            if held.file.drop.business_date <= self.business_date:
                nights.setdefault(held.file.drop.business_date, ([], []))[0].append(held)
        for file in files:
            nights.setdefault(file.business_date, ([], []))[1].append(file)
        return [nights[night] for night in sorted(nights)]

    def _look_again(self, stage: Stage, held: HeldFile) -> None:
        """Judge a held file again: it may have been accepted, or be compared with other nights now."""
        if held.is_moot and held.acceptance is None:
            return
        arrival = Arrival(held.file, held.rows)
        if not self._gate.keep_for_night(arrival):
            self._settle(stage, arrival, self._gate.judge(arrival))

    def _take(self, stage: Stage, drop: DropFile) -> None:
        """Land, stage, judge and commit one file, unless it is known or a copy."""
        known = self.ledger.known_by_fingerprint(drop.source, drop.path, drop.fingerprint)
        if known is not None and self._is_settled(drop, known):
            return
        if (file := self._fetch(drop)) is None:
            return
        file = self._date(file)
        if file.drop.business_date > self.business_date:
            return  # a workbook that was saved after the night that is asked for waits for its own
        known = self.ledger.known_by_content(drop.source, drop.path, file.sha256)
        if known is not None and self._is_settled(drop, known):
            self.ledger.touch(file)
            return
        if (path := self.ledger.loaded_elsewhere(file)) is not None:
            self._skip_copy(file, path)
            return
        self.ledger.record(file, self.contract.digest, "landed")
        if (batches := self._read(stage, file)) is None:
            return
        arrival = Arrival(file, {batch.entity: batch.rows_loaded for batch in batches}, batches)
        if not self._gate.keep_for_night(arrival):
            self._settle(stage, arrival, self._gate.judge(arrival))

    def _read(self, stage: Stage, file: LandedFile) -> list[Batch] | None:
        """Stage the batches of a file and hold them against the suite; None: it is rejected."""
        try:
            batches = reader_of(self.source).read(stage, file)
        except FileRejected as fault:
            self._reject(file, fault.reason, self.contract.digest)
        except OSError:
            raise  # the disk, not the file
        except Exception as error:
            if (lack := find_machine_fault(error)) is not None:
                raise MachineFault(lack) from error
            # One file must not stop the others. The message is left out: it can quote the file's content.
            self._reject(file, Reason("reading_failed", {"error": type(error).__name__}), _READ_AGAIN)
        else:
            return batches if self._is_believable(file, batches) else None
        return None

    def _is_believable(self, file: LandedFile, batches: list[Batch]) -> bool:
        """Whether what was staged keeps the critical expectations; the file is rejected if it does not."""
        outcomes = self._judge(file, batches)
        self.ledger.record_checks(self.run_id, "landing", self.source, outcomes)
        failed = [one for one in outcomes if not one.success and one.severity == "critical"]
        if failed:
            broken = "; ".join(f"{one.table}: {one.expectation}" for one in failed)
            self._reject(file, Reason("checks_failed", {"checks": broken}), _READ_AGAIN)
        return not failed

    def _settle(self, stage: Stage, arrival: Arrival, falls: list[Fall]) -> None:
        """What the gate has decided: the file is loaded, or waits. A copy of a loaded file does neither."""
        file = arrival.file
        if (path := self.ledger.loaded_elsewhere(file)) is not None:
            self._skip_copy(file, path)
        elif falls:
            self._hold(arrival, falls)
        elif arrival.batches is not None:
            self._load(file, arrival.batches)
        elif not file.local.exists():
            self._reject(file, Reason("bytes_gone"), _READ_AGAIN)
        elif (batches := self._read(stage, file)) is not None:
            self._load(file, batches)

    def _hold(self, arrival: Arrival, falls: list[Fall]) -> None:
        """Let a file wait for a person, with the numbers; what was staged of it stays out of sight."""
        drop, reason = arrival.file.drop, describe_falls(falls)
        keep_held_rows(self.ledger, arrival.file, arrival.rows, falls)
        file = self._date_revision(arrival.file, arrival.batches or [])
        self.ledger.record(file, self.contract.digest, "held", reason=reason)
        log.warning("held", source=self.source, file=drop.path, reason=str(reason))

    def _load(self, file: LandedFile, batches: list[Batch]) -> None:
        """Make what was staged visible."""
        self.ledger.record(self._date_revision(file, batches), self.contract.digest, "loaded", batches)
        self.report.files_landed += 1
        self.report.rows_read += sum(batch.rows_read for batch in batches)
        self.report.rows_loaded += sum(batch.rows_loaded for batch in batches)
        self.report.rows_quarantined += sum(batch.rows_quarantined for batch in batches)
        self.report.rows_superseded += sum(batch.rows_superseded for batch in batches)

    def _fetch(self, drop: DropFile) -> LandedFile | None:
        """Copy a file from the drop; None: it cannot be had, or not wholly, and the report says so."""
        try:
            file = land_file(self.settings.zones, drop)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise  # the disk of the data folder, not the drop
            self._say_rejected(drop, f"cannot be fetched from the drop ({type(error).__name__})")
            return None
        if is_still_written(file):
            self._reject(file, Reason("still_written"), _READ_AGAIN)
            return None
        return file

    def _date(self, file: LandedFile) -> LandedFile:
        """Say from which night on the file counts; a workbook, which has no date in its name, gets one.

        A workbook is of the night in which it was saved, or of the run that first lands it where it does not
        say. One saved after the newest night that anybody knows of shows only that its clock is not the
        drop's: it counts from that night on.
        """
        drop, stated = file.drop, read_stated_instant(file)
        night = self._night_of(stated) if stated else None
        if drop.name.business_date is None:
            day = min(night, self._newest_night) if night else drop.business_date
            return replace(file, drop=replace(drop, business_date=day))
        return replace(file, drop=replace(drop, counts_from=night and max(night, drop.business_date)))

    def _date_revision(self, file: LandedFile, batches: list[Batch]) -> LandedFile:
        """A repeated export that does not state its instant is at least as late as its newest change."""
        drop = file.drop
        if drop.revision == 1 or drop.counts_from is not None:
            return file
        raw = self.settings.zones.raw
        changed = find_newest_change(
            raw / f"{self.source}__{batch.entity}" / f"{batch.batch_id}.parquet" for batch in batches
        )
        if changed is None:
            return file
        night = max(self._night_of(changed), drop.business_date)
        return replace(file, drop=replace(drop, counts_from=night))

    def _night_of(self, instant: datetime) -> date:
        return night_of(instant, self.settings.timezone, self.settings.night_ends_at)

    def _judge(self, file: LandedFile, batches: list[Batch]) -> Sequence[CheckOutcome]:
        """The suite sees the loaded rows of each entity and, as `batch`, the counts of the file's batches."""
        if self._validate is None:
            from expectations.runner import validate

            self._validate = validate
        raw = self.settings.zones.raw
        tables = {
            batch.entity: pq.read_table(raw / f"{self.source}__{batch.entity}" / f"{batch.batch_id}.parquet")
            for batch in batches
        }
        previous = self.ledger.rows_of_previous_snapshot(file)
        counts = {
            "entity": pa.array([batch.entity for batch in batches], pa.string()),
            "rows_read": pa.array([batch.rows_read for batch in batches], pa.int64()),
            "rows_loaded": pa.array([batch.rows_loaded for batch in batches], pa.int64()),
            "rows_quarantined": pa.array([batch.rows_quarantined for batch in batches], pa.int64()),
            "rows_superseded": pa.array([batch.rows_superseded for batch in batches], pa.int64()),
            "previous_rows_loaded": pa.array([previous.get(batch.entity) for batch in batches], pa.int64()),
        }
        return self._validate(self.source, tables | {"batch": pa.table(counts)})

    def _is_settled(self, drop: DropFile, known: KnownFile) -> bool:
        """Whether nothing needs doing. A rejected file is read again under a corrected contract."""
        if known.status == "held":
            return True  # its night looks at it again, whether or not it is still in the drop
        if known.status != "rejected":
            self.report.files_known += 1
            return True
        if known.contract == self.contract.digest:
            self._say_rejected(drop, known.reason or "")
            return True
        return False

    def _skip_copy(self, file: LandedFile, path: str) -> None:
        reason = Reason("same_content", {"path": path})
        self.ledger.record(file, self.contract.digest, "duplicate", reason=reason)
        self.report.files_duplicate += 1

    def _reject(self, file: LandedFile, reason: Reason, contract_digest: str) -> None:
        self.ledger.record(file, contract_digest, "rejected", reason=reason)
        self._say_rejected(file.drop, str(reason))
        log.warning("rejected", source=self.source, file=file.drop.path, reason=str(reason))

    def _say_rejected(self, drop: DropFile, reason: str) -> None:
        self._left_out.append((drop, reason))
        self.report.files_rejected += 1
        self.report.faults.append(f"{drop.path}: rejected: {reason}")

    def _say_held(self) -> None:
        """What waits at the gate when all has been read: a corrected export may have made a held one moot."""
        for held in list_waiting(self.ledger, self.source):
            drop = held.file.drop
            if drop.business_date <= self.business_date:
                reason = f"{held.numbers}; if that is right: ganxun accept {drop.path}"
                self._left_out.append((drop, reason))
                self.report.files_held += 1
                self.report.faults.append(f"{drop.path}: {reason}")

    def _find_holes(self) -> list[tuple[DropFile, str]]:
        """Rejected or held files that leave a hole: no later or corrected export has filled it. With reasons.

        A snapshot is healed by any loaded one of its date or a later one. A delta file is healed by the same
        path or a revision of it; until then its rows are missing every night. A workbook without a date is a
        fault to look at, but no night of the source.
        """
        newest = self.report.newest_business_date
        holes = []
        for drop, reason in self._left_out:
            if drop.name.business_date is None:
                continue
            if drop.name.pattern.is_delta:
                healed = self.ledger.has_loaded_revision(drop)
            else:
                healed = newest is not None and newest >= drop.business_date
            if not healed:
                holes.append((drop, reason))
        return holes
