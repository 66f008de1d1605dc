"""Opening and rewriting the files of a drop as their systems write them, and harming their bytes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]
_ZIPPED_AT = (2026, 6, 30, 22, 5, 10)  # the same members give the same bytes, whenever the test runs


def read_members(package: Path) -> dict[str, bytes]:
    """The CSVs of a night's zip."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}


def write_members(
    package: Path,
    members: Mapping[str, bytes],
    night: date,
    change: Callable[[Row], Any] = lambda manifest: None,
) -> None:
    """A night's zip whose manifest fits its members, unless `change` makes it lie."""
    manifest: Row = {
        "system": "cadre",
        "business_date": night.isoformat(),
        "exported_at": f"{night.isoformat()}T22:05:11+08:00",
        "files": [
            {"name": name, "rows": count_records(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items()
        ],
    }
    change(manifest)
    content = {"manifest.json": json.dumps(manifest).encode(), **members}
    write_zip(package, content)


def write_zip(package: Path, content: Mapping[str, bytes]) -> None:
    """A zip of these members."""
    with zipfile.ZipFile(package, "w") as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIPPED_AT), data, zipfile.ZIP_DEFLATED)


def count_records(data: bytes) -> int:
    """Records of a CSV without its header: a line end within quotes ends none."""
    text = data.decode("gb18030", errors="replace")
    return sum(1 for row in csv.reader(io.StringIO(text, newline="")) if row) - 1


def read_csv(data: bytes) -> list[Row]:
    """The records of a CSV of the cadre system."""
    return list(csv.DictReader(io.StringIO(data.decode("gb18030"), newline="")))


def write_csv(rows: list[Row], columns: Iterable[str] | None = None, encoding: str = "gb18030") -> bytes:
    """A CSV as the cadre system writes it; `columns` in another order, or fewer of them."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns or rows[0]), lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def read_lines(path: Path) -> list[bytes]:
    """The lines of a gzipped NDJSON file, without their ends."""
    return gzip.decompress(path.read_bytes()).splitlines()


def write_lines(path: Path, lines: Iterable[bytes | Row], level: int = 9) -> None:
    """A gzipped NDJSON file; a dict becomes its JSON, bytes stand as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = [
        line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines
    ]
    path.write_bytes(gzip.compress(b"".join(line + b"\n" for line in content), level, mtime=0))


def insert_rows(copy: Path, table: str, *rows: Row) -> None:
    """Append rows to a table of a night's SQLite copy; times of change are filled in."""
    with closing(sqlite3.connect(copy)) as database, database:
        for row in rows:
            whole = {"updated_at": "2026-06-30T18:00:00+08:00", "is_deleted": 0} | row
            marks = ", ".join("?" * len(whole))
            database.execute(
                f"INSERT INTO {table} ({', '.join(whole)}) VALUES ({marks})", list(whole.values())
            )


def change_database(copy: Path, *statements: str) -> None:
    """Run SQL on a night's SQLite copy."""
    with closing(sqlite3.connect(copy)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def write_workbook(path: Path, sheets: Mapping[str, list[list[Any]]], saved_by: str = "") -> None:
    """A back-fill workbook: a title, the header and the rows of each sheet. Another author, other bytes."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in [["测试市干部教育培训补录"], *rows]:
            sheet.append(row)
    workbook.properties.creator = saved_by
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    # openpyxl writes the moment of saving into it; a workbook without it is of the night that first lands it
    content.pop("docProps/core.xml")
    content["docProps/app.xml"] += f"<!-- {saved_by} -->".encode()
    write_zip(path, content)


# --- harm to bytes -----------------------------------------------------------------------------------------


def cut(data: bytes) -> bytes:
    """Three fifths of it: a transfer that broke off."""
    return data[: len(data) * 3 // 5]


def drop_trailer(data: bytes) -> bytes:
    """A gzip without its last eight bytes (CRC and length): all the data, and nothing to check it by."""
    return data[:-8]


def falsify_crc(data: bytes) -> bytes:
    """A gzip whose data no longer fits its CRC."""
    return data[:-8] + (zlib.crc32(data) ^ 0xFFFF).to_bytes(4, "little") + data[-4:]


def append_rubbish(data: bytes) -> bytes:
    """The rest of an older, longer file behind a whole one that was written over it."""
    return data + b"rest of what was there" * 9


def empty(_: bytes) -> bytes:
    """Nothing: the file was made, and the disk was full."""
    return b""


def split_into_members(data: bytes) -> bytes:
    """The same lines as three gzip members in one file, as appending tools write them."""
    lines = gzip.decompress(data).splitlines(keepends=True)
    third = len(lines) // 3 + 1
    parts = [b"".join(lines[at : at + third]) for at in range(0, len(lines), third)]
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def falsify_member_crc(data: bytes) -> bytes:
    """A zip whose largest member does not fit the CRC that the zip states: names and sizes still fit."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    stated = largest.CRC.to_bytes(4, "little")
    assert data.count(stated) == 2, "before the member, and in the list of members"
    return data.replace(stated, (largest.CRC ^ 0xFFFF).to_bytes(4, "little"))


def overwrite_page(data: bytes) -> bytes:
    """An SQLite file with a page in its middle overwritten."""
    middle = len(data) // 4096 // 2 * 4096
    return data[:middle] + b"\xff" * 4096 + data[middle + 4096 :]
