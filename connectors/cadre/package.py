"""The zip of one night: members and manifest, checked before a single record is read."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from connectors.delivery import FileRejected

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Member:
    """A CSV of the package: its bytes, and how many records the manifest promises."""

    name: str
    data: bytes
    promised_rows: int


def open_package(path: Path, wanted: list[str]) -> tuple[dict[str, Member], str]:
    """Read the wanted members, checked by CRC and by the manifest's SHA-256; also gives the manifest's date.

    Raises FileRejected if the zip or its manifest is damaged, a member is missing, doubled or altered. Units,
    people and posts must fit together: one bad member rejects the package.
    """
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if len(names) != len(set(names)):
                raise FileRejected("zip_doubled")
            content = {name: package.read(name) for name in [MANIFEST, *wanted] if name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise FileRejected("zip_damaged", error=type(error).__name__) from error
    promised, day = _read_manifest(content.pop(MANIFEST, None))
    members: dict[str, Member] = {}
    for name in wanted:
        if name not in promised:
            raise FileRejected("not_in_manifest", member=name)
        if name not in content:
            raise FileRejected("not_in_zip", member=name)
        rows, sha256 = promised[name]
        if hashlib.sha256(content[name]).hexdigest() != sha256.lower():
            raise FileRejected("checksum_differs", member=name)
        members[name] = Member(name, content[name], rows)
    return members, day


def _read_manifest(data: bytes | None) -> tuple[dict[str, tuple[int, str]], str]:
    if data is None:
        raise FileRejected("manifest_missing")
    try:
        manifest = json.loads(data.decode("utf-8-sig"))
        files = {str(item["name"]): (int(item["rows"]), str(item["sha256"])) for item in manifest["files"]}
        return files, str(manifest.get("business_date", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileRejected("manifest_unreadable") from error
