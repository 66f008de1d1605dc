"""Each kind of fault of sources.md's last section is planted, listed, and really there."""

from __future__ import annotations

import gzip
from collections import Counter

from tests.simulator import readers
from tests.simulator.conftest import Simulated

KINDS = {
    "cut zip",
    "cut gzip",
    "cut workbook",
    "manifest mismatch",
    "wrong encoding",
    "column renamed",
    "column added",
    "column missing",
    "embedded newline and quotes",
    "BOM",
    "row with a field too many",
    "unknown code",
    "impossible date",
    "end before start",
    "negative or absurd hours",
    "orphan key",
    "same file under another name",
    "night exported again with corrections",
    "night missing",
    "late statement",
    "deleted row",
    "row gone without a mark",
    "unit tree with a cycle",
    "unit with a missing parent",
    "two people with one ID number",
    "one person with two codes",
    "course re-categorised",
    "score out of range",
    "row that does not parse",
    "number stored as a number",
    "record of a retired cadre",
}


def _rows(city: Simulated, kind: str, file_part: str = "") -> int:
    return sum(fault.rows for fault in city.report.dirt if fault.kind == kind and file_part in fault.file)


def test_no_kind_of_fault_is_forgotten(dirty_city: Simulated) -> None:
    assert set(dirty_city.report.dirt_by_kind) == KINDS
    assert all(rows > 0 for rows in dirty_city.report.dirt_by_kind.values())


def test_every_planted_fault_is_listed_beside_the_drop(dirty_city: Simulated) -> None:
    listed = readers.parquet(dirty_city.truth / "dirt.parquet")
    assert [tuple(row.values()) for row in listed.to_pylist()] == [
        (f.file, f.kind, f.rows, f.detail) for f in dirty_city.report.dirt
    ]
    for fault in dirty_city.report.dirt:
        there = (dirty_city.drop / fault.file.partition("#")[0]).exists()
        assert there != (fault.kind == "night missing"), fault


def test_the_unit_tree_has_its_cycle_and_its_lost_child(dirty_city: Simulated) -> None:
    units = readers.newest_books(dirty_city.drop)["B01.csv"]
    parent = {row["B0111"]: row["B0121"] for row in units}
    lost = [code for code, above in parent.items() if above and above not in parent]
    circling = [code for code, above in parent.items() if parent.get(above) == code]
    assert len(lost) == 1
    assert len(circling) == 2
    nights = dirty_city.plan.nights
    assert _rows(dirty_city, "unit with a missing parent") == nights
    assert _rows(dirty_city, "unit tree with a cycle") == 2 * nights


def test_shared_numbers_and_second_codes_are_as_many_as_listed(dirty_city: Simulated) -> None:
    people = readers.newest_books(dirty_city.drop)["A01.csv"]
    by_number = Counter(row["A0184"] for row in people)
    shared = [number for number, times in by_number.items() if times > 1]
    pairs = [{(row["A0101"], row["A0107"]) for row in people if row["A0184"] == number} for number in shared]
    nights = dirty_city.plan.nights
    assert (
        sum(len(pair) > 1 for pair in pairs) == _rows(dirty_city, "two people with one ID number") // nights
    )
    assert sum(len(pair) == 1 for pair in pairs) == _rows(dirty_city, "one person with two codes") // nights


def test_the_last_books_have_a_new_column_a_renamed_one_and_an_overlong_row(dirty_city: Simulated) -> None:
    books = readers.newest_books(dirty_city.drop)
    assert "A0178" in books["A01.csv"][0]
    assert "B0114" not in books["B01.csv"][0]
    assert [row for row in books["A02.csv"] if None in row]
    assert [row for row in books["A02.csv"] if row["A0243"] == "20230230"]


def test_the_first_books_have_one_utf8_file_and_a_missing_column(dirty_city: Simulated) -> None:
    first = dirty_city.drop / f"cadre/GBGL_{dirty_city.plan.business_dates[0]:%Y%m%d}_r2.zip"
    _, members = readers.zip_members(first)
    assert "市委组织部" in members["B01.csv"].decode("utf-8")
    assert "A0117" not in readers.csv_rows(members["A01.csv"])[0]
    assert members["A15.csv"].decode("gb18030").startswith("\ufeff")


def test_the_same_bytes_come_under_two_names(dirty_city: Simulated) -> None:
    contents = Counter(path.read_bytes() for path in dirty_city.drop.rglob("*") if path.is_file())
    twice = sum(times - 1 for times in contents.values())
    assert twice == _rows(dirty_city, "same file under another name") == 3


def test_deleted_and_vanished_rows_are_in_the_last_copy_as_listed(dirty_city: Simulated) -> None:
    copies = sorted(dirty_city.drop.glob("academic/*.sqlite"))
    name = copies[-1].name
    for table in ("enrollment", "attendance", "evaluation"):
        ((deleted,),) = readers.sqlite_rows(copies[-1], f"SELECT count(*) FROM {table} WHERE is_deleted = 1")
        assert deleted == _rows(dirty_city, "deleted row", f"{name}#{table}") > 0
    before = readers.sqlite_column(copies[0], "attendance", "attendance_id")
    after = readers.sqlite_column(copies[-1], "attendance", "attendance_id")
    assert len(before - after) == _rows(dirty_city, "row gone without a mark", name) > 0


def test_a_recategorised_course_has_two_categories(dirty_city: Simulated) -> None:
    categories: dict[str, set[str | None]] = {}
    for course in readers.academy_items(dirty_city.drop, "courses"):
        categories.setdefault(course["course_id"], set()).add(course.get("category"))
    changed = [key for key, texts in categories.items() if len(texts) > 1]
    assert len(changed) == _rows(dirty_city, "course re-categorised", "academy/") > 0


def test_the_marked_file_begins_with_a_byte_order_mark(dirty_city: Simulated) -> None:
    (marked,) = [f.file for f in dirty_city.report.dirt if f.kind == "BOM" and f.file.startswith("academy/")]
    assert gzip.decompress((dirty_city.drop / marked).read_bytes()).startswith(b"\xef\xbb\xbf{")


def test_retired_people_still_have_records_as_listed(dirty_city: Simulated) -> None:
    listed = _rows(dirty_city, "record of a retired cadre")
    people = {row["A0000"]: row for row in readers.newest_books(dirty_city.drop)["A01.csv"]}
    left = {
        row["A0000"]: row["A0265"]
        for row in readers.newest_books(dirty_city.drop)["A02.csv"]
        if row["A0279"] == "1"
        and len(row["A0265"] or "") == 8
        and people.get(row["A0000"], {}).get("A0163") == "2"
    }
    truth = readers.parquet(dirty_city.truth / "identity.parquet").to_pylist()
    code = {row["source_person_id"]: row["person_code"] for row in truth if row["source"] == "academy"}
    after = [
        record
        for record in readers.academy_items(dirty_city.drop, "records")
        if code[record["user_id"]] in left
        and record["started_at"][:10].replace("-", "") > left[code[record["user_id"]]]
    ]
    assert listed > 0
    assert len(after) > 0
