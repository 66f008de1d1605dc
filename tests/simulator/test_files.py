from __future__ import annotations

import gzip
import hashlib
import re
import zipfile

import openpyxl
import pytest

from tests.simulator import readers
from tests.simulator.conftest import Simulated

ACADEMIC_TABLES = [
    "institution",
    "base",
    "teacher",
    "staff",
    "theme",
    "training_class",
    "class_staff",
    "course",
    "lesson",
    "student",
    "enrollment",
    "attendance",
    "evaluation",
    "assessment",
    "follow_up",
    "need_survey",
]
B01 = ["B0111", "B0101", "B0104", "B0114", "B0117", "B0121", "B0131", "UNIT_STATUS", "SUCCESSOR"]


def _planted(city: Simulated, *kinds: str) -> set[str]:
    return {fault.file for fault in city.report.dirt if fault.kind in kinds}


def test_every_zip_matches_its_manifest_but_the_planted_ones(dirty_city: Simulated) -> None:
    wrong, cut = _planted(dirty_city, "manifest mismatch"), _planted(dirty_city, "cut zip")
    seen_wrong, seen_cut = set(), set()
    for path in sorted(dirty_city.drop.glob("cadre/*.zip")):
        name = f"cadre/{path.name}"
        try:
            manifest, members = readers.zip_members(path)
        except zipfile.BadZipFile:
            seen_cut.add(name)
            continue
        assert (
            {f["name"] for f in manifest["files"]}
            == set(members)
            == {"A01.csv", "A02.csv", "A15.csv", "B01.csv"}
        )
        fits = all(
            hashlib.sha256(members[f["name"]]).hexdigest() == f["sha256"]
            and _records(members[f["name"]]) == f["rows"]
            for f in manifest["files"]
        )
        if not fits:
            seen_wrong.add(name)
    assert (seen_wrong, seen_cut) == (wrong, cut)
    assert wrong
    assert cut


def _records(content: bytes) -> int:
    return len(readers.csv_rows(content))


def test_each_night_has_a_readable_export_of_every_system(clean_city: Simulated) -> None:
    for night in clean_city.plan.business_dates:
        manifest, members = readers.zip_members(clean_city.drop / f"cadre/GBGL_{night:%Y%m%d}.zip")
        assert manifest["business_date"] == night.isoformat()
        assert members["B01.csv"].startswith(",".join(B01).encode())
        for content in members.values():
            content.decode("gb18030")
            assert content.count(b"\r\n") <= content.count(b"\n")
        copy = clean_city.drop / f"academic/JWGL_{night:%Y%m%d}.sqlite"
        tables = readers.sqlite_rows(copy, "SELECT name FROM sqlite_master WHERE type = 'table'")
        assert [name for (name,) in tables] == ACADEMIC_TABLES
        assert (clean_city.drop / f"academy/{night:%Y%m%d}/records-0001.ndjson.gz").exists()


def test_a_clean_city_has_no_planted_fault(clean_city: Simulated) -> None:
    assert not clean_city.report.dirt
    names = [path.name for path in clean_city.drop.rglob("*") if path.is_file()]
    assert not [name for name in names if re.search(r"-0[789]01|_r\d|\(1\)", name)]
    assert not readers.sqlite_rows(
        readers.newest_copy(clean_city.drop), "SELECT * FROM lesson WHERE hours <= 0 OR hours > 24"
    )


def test_the_truth_is_kept_out_of_the_drop(dirty_city: Simulated) -> None:
    assert not list(dirty_city.drop.rglob("*.parquet"))
    assert {path.name for path in dirty_city.truth.iterdir()} == {"identity.parquet", "dirt.parquet"}


def test_every_gzip_is_whole_but_the_planted_one(dirty_city: Simulated) -> None:
    broken = set()
    for path in dirty_city.drop.rglob("*.gz"):
        try:
            gzip.decompress(path.read_bytes())
        except EOFError:
            broken.add(str(path.relative_to(dirty_city.drop)))
    assert broken == _planted(dirty_city, "cut gzip")
    assert len(broken) == 1


def test_every_sqlite_copy_passes_the_integrity_check(dirty_city: Simulated) -> None:
    copies = sorted(dirty_city.drop.glob("academic/*.sqlite"))
    assert len(copies) == dirty_city.plan.nights - 1  # one night is missing, on purpose
    for copy in copies:
        assert readers.sqlite_rows(copy, "PRAGMA integrity_check") == [("ok",)]


def test_workbooks_open_with_title_header_and_text_ids(dirty_city: Simulated) -> None:
    damaged = _planted(dirty_city, "cut workbook")
    books = sorted(dirty_city.drop.glob("academic/backfill/*.xlsx"))
    assert len(books) >= 4
    for path in books:
        if f"academic/backfill/{path.name}" in damaged:
            with pytest.raises(zipfile.BadZipFile):
                openpyxl.load_workbook(path)
            continue
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["培训班数据", "学员培训信息"]
        rows = list(book["学员培训信息"].iter_rows(values_only=True))
        assert "学员培训信息" in rows[0][0]
        ids = [row[rows[1].index("身份证号")] for row in rows[2:]]
        numbers = [value for value in ids if value is not None and not isinstance(value, str)]
        assert len(numbers) == 1  # the planted one: all others are text


def test_a_statement_is_delivered_on_the_day_it_was_stored(clean_city: Simulated) -> None:
    first = clean_city.plan.business_dates[0].isoformat()
    for path in clean_city.drop.glob("mobile/dt=*/statements-0001.ndjson.gz"):
        folder = path.parent.name.removeprefix("dt=")
        for statement in readers.ndjson(path):
            day = _local_day(statement["stored"])
            assert day <= folder
            assert day == folder if folder >= first else day[:7] == folder[:7]


def _local_day(instant: str) -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(instant).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_a_night_brings_only_what_changed_since_the_last(clean_city: Simulated) -> None:
    limits = ["", *(f"{night.isoformat()}T22:00:00+08:00" for night in clean_city.plan.business_dates)]
    for k, night in enumerate(clean_city.plan.business_dates):
        for path in clean_city.drop.glob(f"academy/{night:%Y%m%d}/*.gz"):
            for item in readers.ndjson(path):
                assert limits[k] < item["updated_at"] <= limits[k + 1]
