"""When a file was exported, as far as it says so itself, and the first night for which it therefore counts.

A build of an old date may use only what had been exported by then. The name of an export is its word for it,
with three exceptions: the manifest of a cadre snapshot states the instant; a repeated export (`_r2` …) of the
other systems cannot be older than its newest change; a back-fill workbook has no date in its name, but says
when it was saved. The file's times on the disk are not asked: copying a drop changes them.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.cadre.package import MANIFEST
from connectors.delivery import LandedFile

_PROPERTIES = "docProps/core.xml"
_SAVED = re.compile(r"<dcterms:modified[^>]*>\s*([^<\s]+)\s*</dcterms:modified>")
# Columns that tell when a row was last changed in its system.
_CHANGED_AT = ("updated_at", "stored")


def night_of(instant: datetime, timezone: str, night_ends_at: int) -> date:
    """The business date whose night an instant falls into: nights end at an hour of the next morning.

    Exports that start late in the evening often end after midnight; they are still that evening's.
    """
    return (instant.astimezone(ZoneInfo(timezone)) - timedelta(hours=night_ends_at)).date()


def read_stated_instant(file: LandedFile, now: datetime | None = None) -> datetime | None:
    """When the file says it was exported (cadre manifest) or saved (workbook); None: it does not say.

    An instant that still lies ahead is a wrong clock and not believed. A damaged file says nothing: its
    reader will reject it.
    """
    kind = file.drop.name.pattern.format
    if kind == "zip":
        stated = _read_exported_at(file.local)
    elif kind == "workbook":
        stated = _read_saved_at(file.local)
    else:
        stated = None
    return stated if stated is None or stated <= (now or datetime.now(UTC)) else None


def find_newest_change(batches: Iterable[Path], now: datetime | None = None) -> datetime | None:
    """The newest change among the rows of typed Parquet files, not later than now; None: they do not tell."""
    limit = pa.scalar(now or datetime.now(UTC), pa.timestamp("us", "UTC"))
    newest: datetime | None = None
    for path in batches:
        names = [name for name in _CHANGED_AT if name in pq.read_schema(path).names]
        for column in pq.read_table(path, columns=names).columns:
            known = column.cast(pa.timestamp("us", "UTC"))
            found = pc.max(pc.filter(known, pc.less_equal(known, limit))).as_py()
            if found is not None and (newest is None or found > newest):
                newest = found
    return newest


def _read_exported_at(package: Path) -> datetime | None:
    text = _read_member(package, MANIFEST)
    try:
        manifest = json.loads(text) if text else {}
        return _parse(str(manifest["exported_at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _read_saved_at(workbook: Path) -> datetime | None:
    match = _SAVED.search(_read_member(workbook, _PROPERTIES) or "")
    return _parse(match[1]) if match else None


def _read_member(path: Path, name: str) -> str | None:
    try:
        with zipfile.ZipFile(path) as package:
            return package.read(name).decode("utf-8-sig")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, RuntimeError, ValueError):
        return None


def _parse(text: str) -> datetime | None:
    """An instant with its offset; without one nobody knows which instant is meant."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
