"""Restore: a data directory out of a backup and its keys, every byte held against its hash first."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import structlog

from connectors.zones import OWNER_ONLY_FILE
from ganxun.backup.write import BackupError, Progress, copy_file, describe, read_list
from ganxun.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class RestoreReport:
    """What was restored. The warehouse is published by the next `ganxun run`."""

    files: int
    bytes: int
    written_at: str


def restore(settings: Settings, backup: Path, keys: Path, progress: Progress | None = None) -> RestoreReport:
    """Fill an empty data directory from a backup; nothing is written unless all of it is sound.

    Raises `BackupError` if the directory holds data already, a file is missing or damaged, or there are no
    keys: with other keys every cadre would get another key, and history would no longer meet.
    """
    zones = settings.zones
    occupied = [
        zone.name for zone in (zones.ledger, zones.landing, zones.raw, zones.keys) if _holds_data(zone)
    ]
    if occupied:
        raise BackupError(f"{zones.root} holds data already: {', '.join(occupied)}")
    listed = read_list(backup)
    key_files = sorted(file for file in keys.rglob("*") if file.is_file()) if keys.is_dir() else []
    if not key_files:
        raise BackupError(f"{keys} holds no keys")
    damaged = []
    for number, (name, known) in enumerate(listed["files"].items(), start=1):
        if progress:
            progress(f"checking {name}", number, len(listed["files"]))
        file = backup / name
        if not file.is_file():
            damaged.append(f"{name} is missing")
        elif describe(file)["sha256"] != known["sha256"]:
            damaged.append(f"{name} is damaged")
    if damaged:
        more = f" and {len(damaged) - 3} more" if len(damaged) > 3 else ""
        raise BackupError(f"the backup is not sound: {'; '.join(damaged[:3])}{more}")
    zones.create()
    try:
        for file in key_files:
            copy_file(file, zones.keys / file.relative_to(keys))
        # The ledger last: without it the directory counts as empty, and a restore can be tried again.
        for name in sorted(listed["files"], key=lambda name: name == zones.ledger.name):
            copy_file(backup / name, zones.root / name)
    except BaseException:
        for zone in (zones.landing, zones.raw, zones.keys):
            shutil.rmtree(zone, ignore_errors=True)
        zones.ledger.unlink(missing_ok=True)
        raise
    zones.ledger.chmod(OWNER_ONLY_FILE)
    size = sum(int(str(known["bytes"])) for known in listed["files"].values())
    log.info("restored", files=len(listed["files"]), bytes=size)
    return RestoreReport(len(listed["files"]), size, str(listed["written_at"]))


def _holds_data(zone: Path) -> bool:
    return zone.is_file() or (zone.is_dir() and any(path.is_file() for path in zone.rglob("*")))
