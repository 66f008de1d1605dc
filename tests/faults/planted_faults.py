"""Faults made in the bytes of a drop: many in one night, each in a file of its own, so that they do not mix.

Three drops of one city: `intact` (what the systems meant to send), the drop of the first delivery (everything
that can be wrong with files, and much that is late), and the same drop after the second delivery (sent again,
corrected, and with rows in it that nobody can read).
"""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import drop_files as files
from tests.faults import planted_content as content
from tests.faults import planted_rows as rows
from tests.faults.drop_files import Row
from tests.faults.nights import FIRST, LAST

ACADEMY_LAST, MOBILE_LAST = "academy/20260630", "mobile/dt=2026-06-30"


@dataclass(frozen=True)
class FileFault:
    """A fault of a whole file: what it is, where, how it is made (of which intact file), what is said."""

    fault: str
    path: str
    of: str
    make: Callable[[Path, Path], None]
    reason: str


def sessions(part: int) -> str:
    """A part of the first night's sessions: a file for each fault of a gzip."""
    return f"academy/20260629/sessions-{part:04d}.ndjson.gz"


SESSION_PARTS = 8
SEVERAL_MEMBERS, GROWING = sessions(7), sessions(8)
_CADRE, _ACADEMIC = content.CADRE[LAST], content.ACADEMIC
_WORKBOOK = "academic/backfill/2025年干部教育培训数据.xlsx"


def name_revision(path: str, number: int) -> str:
    """The name of a repeated export."""
    stem, dot, ending = path.partition(".")
    return f"{stem}_r{number}{dot}{ending}"


def _in_bytes(damage: Callable[[bytes], bytes]) -> Callable[[Path, Path], None]:
    def make(intact: Path, target: Path) -> None:
        target.write_bytes(damage(intact.read_bytes()))

    return make


def _in_manifest(change: Callable[[Row], Any]) -> Callable[[Path, Path], None]:
    return lambda intact, target: files.write_members(target, files.read_members(intact), LAST, change)


def _in_database(statement: str) -> Callable[[Path, Path], None]:
    def make(intact: Path, target: Path) -> None:
        shutil.copyfile(intact, target)
        files.change_database(target, statement)

    return make


def _without_manifest(intact: Path, target: Path) -> None:
    files.write_zip(target, files.read_members(intact))


def _without_posts(intact: Path, target: Path) -> None:
    with zipfile.ZipFile(intact) as archive:
        manifest = archive.read("manifest.json")
    members = files.read_members(intact)
    del members["A02.csv"]
    files.write_zip(target, {"manifest.json": manifest, **members})


def _with_status_renamed(intact: Path, target: Path) -> None:
    members = files.read_members(intact)
    members["A01.csv"] = members["A01.csv"].replace(b"A0163", b"ZAIGANG", 1)
    files.write_members(target, members, LAST)


def _lie_about_content(manifest: Row) -> None:
    manifest["files"][0]["sha256"] = "0" * 64


def _promise_more(manifest: Row) -> None:
    next(file for file in manifest["files"] if file["name"] == "A02.csv")["rows"] += 1


def _gzip_fault(fault: str, part: int, damage: Callable[[bytes], bytes], error: str) -> FileFault:
    reason = f"the gzip is damaged ({error}): cut, altered or followed by rubbish"
    return FileFault(fault, sessions(part), sessions(part), _in_bytes(damage), reason)


FILE_FAULTS = (
    _gzip_fault("gzip cut", 2, files.cut, "EOFError"),
    _gzip_fault("gzip without its trailer", 3, files.drop_trailer, "EOFError"),
    _gzip_fault("gzip with a wrong CRC", 4, files.falsify_crc, "BadGzipFile"),
    _gzip_fault("gzip followed by rubbish", 5, files.append_rubbish, "BadGzipFile"),
    FileFault(
        "gzip empty", sessions(6), sessions(6), _in_bytes(files.empty),
        "the file is empty (a gzip of nothing has 20 bytes)"
    ),
    FileFault(
        "zip cut", _CADRE, _CADRE, _in_bytes(files.cut),
        "the zip is damaged or unreadable (BadZipFile)",
    ),
    FileFault(
        "zip member with a wrong CRC", name_revision(_CADRE, 2), _CADRE, _in_bytes(files.falsify_member_crc),
        "the zip is damaged or unreadable (BadZipFile)",
    ),
    FileFault(
        "zip without a manifest", name_revision(_CADRE, 3), _CADRE, _without_manifest,
        "the zip has no manifest.json",
    ),
    FileFault(
        "manifest of other content", name_revision(_CADRE, 4), _CADRE,
        _in_manifest(_lie_about_content), "B01.csv does not match the manifest's SHA-256",
    ),
    FileFault(
        "manifest that promises another count", name_revision(_CADRE, 5), _CADRE,
        _in_manifest(_promise_more), "A02.csv has 211 records, the manifest says 212",
    ),
    FileFault(
        "zip without a promised member", name_revision(_CADRE, 6), _CADRE, _without_posts,
        "A02.csv is in the manifest, but not in the zip",
    ),
    FileFault(
        "required column of a CSV renamed", name_revision(_CADRE, 7), _CADRE,
        _with_status_renamed, "A01.csv: required column A0163 is missing",
    ),
    FileFault(
        "database cut", name_revision(_ACADEMIC, 2), _ACADEMIC, _in_bytes(files.cut),
        "the database is damaged or unreadable (DatabaseError)",
    ),
    FileFault(
        "database with a damaged page", name_revision(_ACADEMIC, 3), _ACADEMIC,
        _in_bytes(files.overwrite_page),
        "SQLite's check of the database failed",
    ),
    FileFault(
        "database without a table", name_revision(_ACADEMIC, 4), _ACADEMIC,
        _in_database("DROP TABLE attendance"), "tables missing: attendance",
    ),
    FileFault(
        "required column of a table renamed", name_revision(_ACADEMIC, 5), _ACADEMIC,
        _in_database("ALTER TABLE enrollment RENAME COLUMN result TO outcome"),
        "enrollment: required column result is missing",
    ),
    FileFault(
        "workbook cut", _WORKBOOK, _WORKBOOK, _in_bytes(files.cut),
        "the workbook is damaged or unreadable (CalamineError)",
    ),
)  # fmt: skip
UNKNOWN_NAME = f"{ACADEMY_LAST}/record-0001.ndjson.gz"
PART = f"{MOBILE_LAST}/statements-0009.ndjson.gz"
CADRE_AGAIN, ACADEMIC_AGAIN = name_revision(content.CADRE[FIRST], 2), name_revision(_ACADEMIC, 6)
RECORDS_AGAIN = name_revision(rows.RECORDS, 2)
RENAMED_OF, RENAMED = (
    "mobile/dt=2026-04-30/statements-0001.ndjson.gz",
    f"{MOBILE_LAST}/statements-0901.ndjson.gz",
)
RECOMPRESSED_OF = "mobile/dt=2026-06-28/statements-0001.ndjson.gz"
RECOMPRESSED = f"{MOBILE_LAST}/statements-0902.ndjson.gz"
RATINGS = "academy/20260629/ratings-0001.ndjson.gz"
WRONG_RESULT = "UPDATE enrollment SET result = 'failed' WHERE class_id = 'BCRARE01'"
# What comes a night late: whole files of earlier nights, and a workbook beside the nightly exports.
COMES_LATE = (
    "academy/20260629/enrollments-0001.ndjson.gz",
    "mobile/dt=2026-05-31/statements-0001.ndjson.gz",
    content.ALIAS_WORKBOOK,
)


def shape_intact(drop: Path) -> None:
    """Make of a simulated city the one that the systems meant to send."""
    content.plant_content(drop)
    lines = files.read_lines(drop / sessions(1))
    size = len(lines) // SESSION_PARTS
    for part in range(1, SESSION_PARTS + 1):
        end = None if part == SESSION_PARTS else part * size
        files.write_lines(drop / sessions(part), lines[(part - 1) * size : end])
    rows.plant_rows(drop)


def deliver_first(intact: Path, drop: Path) -> None:
    """The night on which everything is wrong."""
    shutil.copytree(intact, drop)
    for path in COMES_LATE:
        (drop / path).unlink()
    content.write_resaved_workbook(drop, hours=99, saved_by="first")
    rows.write_without_columns(intact / content.CADRE[FIRST], drop / content.CADRE[FIRST])
    rows.write_faulty_lines(drop)
    files.change_database(drop / _ACADEMIC, WRONG_RESULT)
    for fault in FILE_FAULTS:
        fault.make(intact / fault.of, drop / fault.path)
    several = drop / SEVERAL_MEMBERS
    several.write_bytes(files.split_into_members(several.read_bytes()))
    (drop / UNKNOWN_NAME).write_bytes(gzip.compress(b"{}\n"))
    whole = drop / PART
    whole.with_name(f"{whole.name}.part").write_bytes(files.cut(whole.read_bytes()))
    whole.unlink()


def deliver_second(intact: Path, drop: Path) -> None:
    """What was damaged comes again whole, what was wrong corrected, what was late at last, some twice."""
    gzips = [sessions(part) for part in range(2, SESSION_PARTS + 1)]
    for path in (*COMES_LATE, *gzips, _CADRE, _WORKBOOK, content.RESAVED_WORKBOOK, PART):
        (drop / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(intact / path, drop / path)
    for path in (UNKNOWN_NAME, f"{PART}.part"):
        (drop / path).unlink()
    rows.write_faulty_package(intact / content.CADRE[FIRST], drop / CADRE_AGAIN)
    rows.write_faulty_database(intact / _ACADEMIC, drop / ACADEMIC_AGAIN)
    files.write_lines(drop / RECORDS_AGAIN, files.read_lines(intact / rows.RECORDS))
    # the same again: under another name, and with another level of compression (other bytes, the same lines)
    shutil.copyfile(drop / RENAMED_OF, drop / RENAMED)
    files.write_lines(drop / RECOMPRESSED, files.read_lines(drop / RECOMPRESSED_OF), level=1)
    files.write_lines(drop / RATINGS, files.read_lines(drop / RATINGS), level=1)
