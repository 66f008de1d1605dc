"""Back up: everything that cannot be made again goes into a folder elsewhere; keys go apart.

What is kept: landed bytes and raw Parquet (both written once and never changed), the ledger, decisions of
people, entitlements. Published versions are made again by the next run, exactly as they were. A second backup
into the same folder copies only what is new. The list of files with their hashes is written last, by rename:
a backup that was cut off is the backup before it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE, Zones, fsync_path
from ganxun.settings import Settings
from ganxun.steps.lock import warehouse_lock

LIST = "backup.json"
FORMAT = 1
BLOCK = 1 << 20
Progress = Callable[[str, int, int], None]
log = structlog.get_logger()


class BackupError(RuntimeError):
    """The backup cannot be written, read or trusted; the message says what and where."""


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds, and what this call added to it."""

    files: int
    bytes: int
    copied: int
    keys: int


def kept_folders(zones: Zones) -> list[Path]:
    """Folders of a data directory that a backup holds."""
    return [zones.landing, zones.raw, zones.identity_decisions.parent, zones.root / "access"]


def back_up(
    settings: Settings, target: Path, keys_target: Path, progress: Progress | None = None
) -> BackupReport:
    """Write or refresh a backup of the data directory; nothing may build meanwhile.

    `keys_target` must not lie in `target`: the backup without the keys cannot tell who a cadre key is. Raises
    `BackupError` for folders that lie in each other, `WarehouseBusy` while a run is building.
    """
    zones = settings.zones
    target, keys_target = target.resolve(), keys_target.resolve()
    for one, other in ((keys_target, target), (target, keys_target)):
        if one == other or other in one.parents:
            raise BackupError("keys must be kept apart: give them a folder outside of the backup")
    if zones.root in target.parents or zones.root in keys_target.parents:
        raise BackupError("a backup inside of the data directory is lost together with it")
    for folder in (target, keys_target):
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
        folder.chmod(OWNER_ONLY_DIR)
    with warehouse_lock(settings):
        before = read_list(target)["files"] if (target / LIST).exists() else {}
        listed: dict[str, dict[str, object]] = {}
        # The ledger first: a file that lands meanwhile is then in the copy of the folders, and only not yet
        # in the ledger, as after a crash between the two.
        _copy_ledger(zones, target)
        listed[zones.ledger.name] = describe(target / zones.ledger.name)
        files = [file for folder in kept_folders(zones) for file in _files_below(folder)]
        copied = 0
        for number, file in enumerate(files, start=1):
            name = file.relative_to(zones.root).as_posix()
            known = before.get(name)
            if known and _is_unchanged(file, target / name, known):
                listed[name] = known
            else:
                listed[name] = copy_file(file, target / name)
                copied += 1
            if progress:
                progress(name, number, len(files))
        keys = 0
        for file in _files_below(zones.keys):
            copy_file(file, keys_target / file.relative_to(zones.keys))
            keys += 1
        _write_list(target, listed)
        _remove_unlisted(target, listed)
    report = BackupReport(len(listed), sum(int(str(each["bytes"])) for each in listed.values()), copied, keys)
    log.info("backed up", files=report.files, bytes=report.bytes, copied=copied)
    return report


def read_list(backup: Path) -> dict[str, dict[str, dict[str, object]]]:
    """The list of a backup's files. Raises `BackupError` if there is none or its format is unknown."""
    try:
        listed: dict[str, dict[str, dict[str, object]]] = json.loads((backup / LIST).read_text("utf-8"))
    except FileNotFoundError:
        raise BackupError(f"{backup} holds no finished backup ({LIST} is missing)") from None
    except ValueError:
        raise BackupError(f"{backup / LIST} cannot be read") from None
    if listed.get("format") != FORMAT:
        raise BackupError(f"{backup / LIST} has an unknown format")
    return listed


def describe(file: Path) -> dict[str, object]:
    """Size, time of change and hash of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
    stat = file.stat()
    return {"bytes": stat.st_size, "changed_ns": stat.st_mtime_ns, "sha256": digest.hexdigest()}


def copy_file(source: Path, target: Path) -> dict[str, object]:
    """Copy a file under a temporary name, flush it, rename it; owner-only. Returns its description."""
    for folder in [*reversed(target.parent.parents), target.parent]:
        # `parents=True` would make the folders between with the mode of everybody's files.
        folder.mkdir(exist_ok=True, mode=OWNER_ONLY_DIR)
    writing = target.with_name(target.name + ".writing")
    with (
        source.open("rb") as opened,
        os.fdopen(os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY_FILE), "wb") as copy,
    ):
        shutil.copyfileobj(opened, copy, BLOCK)
        copy.flush()
        os.fsync(copy.fileno())
    shutil.copystat(source, writing)
    writing.chmod(OWNER_ONLY_FILE)
    described = describe(writing)
    if described["bytes"] != source.stat().st_size:
        raise BackupError(f"{source.name} changed while it was copied")
    writing.replace(target)
    return described


def _is_unchanged(file: Path, copy: Path, known: dict[str, object]) -> bool:
    stat = file.stat()
    return (
        copy.exists()
        and copy.stat().st_size == stat.st_size == known["bytes"]
        and stat.st_mtime_ns == known["changed_ns"]
    )


def _copy_ledger(zones: Zones, target: Path) -> None:
    """A consistent copy of the ledger, also while a landing writes to it (SQLite's backup)."""
    writing = target / (zones.ledger.name + ".writing")
    writing.unlink(missing_ok=True)
    writing.touch(mode=OWNER_ONLY_FILE)
    with closing(sqlite3.connect(zones.ledger)) as source, closing(sqlite3.connect(writing)) as copy:
        source.backup(copy)
    fsync_path(writing)
    writing.replace(target / zones.ledger.name)


def _write_list(target: Path, files: dict[str, dict[str, object]]) -> None:
    writing = target / (LIST + ".writing")
    made = {"format": FORMAT, "written_at": datetime.now(UTC).isoformat(), "files": files}
    writing.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    writing.chmod(OWNER_ONLY_FILE)
    fsync_path(writing)
    writing.replace(target / LIST)
    fsync_path(target)


def _remove_unlisted(target: Path, files: dict[str, dict[str, object]]) -> None:
    """What the data directory no longer has (retention) need not lie in the backup either."""
    for file in list(_files_below(target)):
        name = file.relative_to(target).as_posix()
        if name != LIST and name not in files:
            file.unlink()


def _files_below(folder: Path) -> Iterator[Path]:
    # What a landing is just writing is no file yet.
    return (
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and not file.name.startswith(".part-")
    )
