"""Finding the files of one source in a drop (a folder, or any URL that fsspec can open)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import fsspec

from connectors.contract import Contract
from connectors.delivery import DropFile, LandedFile

# What tells a rewritten file from an unchanged one, in the words of the file systems that fsspec knows.
_CHANGES = ("size", "mtime", "created", "ino", "ETag", "etag", "LastModified", "last_modified", "md5Hash")


@dataclass(frozen=True)
class Discovery:
    """Files of one source up to a date, oldest first, and the names that nobody could interpret.

    `newest_night` is the newest date in any name, later ones too; None: no name has a date.
    """

    files: list[DropFile]
    unknown: list[str]
    newest_night: date | None = None


def _fingerprint(info: dict[str, Any]) -> str:
    seen = [f"{key}={info[key]}" for key in _CHANGES if key in info]
    # A size alone does not tell two files apart: then the bytes are read again.
    return hashlib.sha256("|".join(seen).encode()).hexdigest() if len(seen) > 1 else ""


def discover(contract: Contract, drop: str, up_to: date) -> Discovery:
    """List the files of a source in `drop` with a business date up to `up_to`, in reading order.

    A file without a date in its name (a back-fill workbook) gets `up_to`, until its content is there. Files
    of later dates are left for later runs. A missing folder gives no files. Names that fit no pattern are
    returned in `unknown`.
    """
    filesystem, root = fsspec.core.url_to_fs(drop)
    root = root.rstrip("/")
    folder = f"{root}/{contract.source}"
    filesystem.invalidate_cache()
    if not filesystem.exists(folder):
        return Discovery([], [])
    files: list[DropFile] = []
    unknown: list[str] = []
    nights: list[date] = []
    for found, info in filesystem.find(folder, detail=True).items():
        path = found.removeprefix(root + "/")
        if contract.ignores(path):
            continue
        name = contract.interpret(path)
        if name is None:
            unknown.append(path)
            continue
        if name.business_date is not None:
            nights.append(name.business_date)
        day = name.business_date or up_to
        if day <= up_to:
            files.append(
                DropFile(
                    source=contract.source,
                    path=path,
                    url=filesystem.unstrip_protocol(found),
                    business_date=day,
                    revision=name.revision,
                    name=name,
                    fingerprint=_fingerprint(info),
                    size=info.get("size"),
                )
            )
    # Without the endings "2021.xlsx" comes before its copy "2021(1).xlsx", which then is the duplicate.
    files.sort(key=lambda file: (file.business_date, file.revision, PurePosixPath(file.path).stem, file.path))
    return Discovery(files, sorted(unknown), max(nights, default=None))


def is_still_written(file: LandedFile) -> bool:
    """Whether a file has changed its size since it was found: its system has not finished writing it.

    The copy is a part of it then, even where it can be read. A file that is gone by now was whole when it was
    copied, as far as anybody can tell; so was one on a file system that tells no sizes.
    """
    found = file.drop.size
    if found is None:
        return False
    filesystem, path = fsspec.core.url_to_fs(file.drop.url)
    filesystem.invalidate_cache()
    try:
        size = filesystem.size(path)
    except FileNotFoundError:
        size = None
    return file.size != found or (size is not None and size != found)
