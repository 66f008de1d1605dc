"""The academic-affairs database and the back-fill workbooks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from connectors.delivery import FileRejected
from tests.connectors.exports import CLASS_ROW, STUDENT_ROW, TABLES, Readings, write_database, write_workbook


def test_all_sixteen_tables_reach_raw(readings: Readings) -> None:
    batches = readings.read(write_database(readings.drop))
    assert {name: batch.rows_loaded for name, batch in batches.items()} == dict.fromkeys(TABLES, 1)
    student = readings.rows("academic", batches["student"]).to_pylist()[0]
    assert (student["id_number"], student["is_deleted"]) == (" 51990019850716001x　", False)
    course = readings.rows("academic", batches["course"]).to_pylist()[0]
    assert (course["title_nfkc"], course["hours"], course["course_no"]) == ("依法行政(上)", 4.0, None)
    assert course["_source_file"] == "academic/JWGL_20260630.sqlite#course"
    evaluation = readings.rows("academic", batches["evaluation"]).to_pylist()[0]
    assert evaluation["comment"] == 'two\nlines, "quoted"'


def test_a_deleted_row_is_kept_for_the_models_to_drop(readings: Readings) -> None:
    rows = [TABLES["lesson"][0] | {"is_deleted": 1}]
    batch = readings.read(write_database(readings.drop, tables={"lesson": rows}))["lesson"]
    assert readings.rows("academic", batch).column("is_deleted").to_pylist() == [True]


def test_a_column_empty_for_its_first_thousands_of_rows_does_not_stop_the_night(readings: Readings) -> None:
    row = TABLES["enrollment"][0] | {"hours": None}
    rows = [row | {"enrollment_id": f"E{number}"} for number in range(3000)]
    rows[-1] |= {"hours": 12.5}
    batch = readings.read(write_database(readings.drop, tables={"enrollment": rows}))["enrollment"]
    hours = readings.rows("academic", batch).column("hours").to_pylist()
    assert (len(hours), hours[0], hours[-1]) == (3000, None, 12.5)


def test_rows_are_numbered_as_sqlite_numbers_them(readings: Readings) -> None:
    path = write_database(readings.drop)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO base (rowid, base_id, updated_at, is_deleted) VALUES (77, NULL, 'x', 0)"
        )
    batch = readings.read(path)["base"]
    assert readings.reasons(batch) == [(77, "base_id", "quarantined")]


@pytest.mark.parametrize("kept", [100, 0.5, 0.97])
def test_a_cut_database_is_not_read_in_part(readings: Readings, kept: float) -> None:
    rows = [TABLES["lesson"][0] | {"lesson_id": f"L{number}"} for number in range(2000)]
    path = write_database(readings.drop, tables={"lesson": rows})
    data = path.read_bytes()
    path.write_bytes(data[: int(kept if kept > 1 else kept * len(data))])
    with pytest.raises(FileRejected, match="database"):
        readings.read(path)


def test_a_database_with_a_damaged_page_is_not_read_in_part(readings: Readings) -> None:
    rows = [TABLES["lesson"][0] | {"lesson_id": f"L{number}"} for number in range(2000)]
    path = write_database(readings.drop, tables={"lesson": rows})
    data = bytearray(path.read_bytes())
    last_page = data.rindex(b"L1999") // 4096 * 4096  # a leaf: nothing else of the database depends on it
    data[last_page : last_page + 4096] = bytes(4096)
    path.write_bytes(data)
    with pytest.raises(FileRejected, match="check of the database failed"):
        readings.read(path)


def test_a_missing_table_does_not_pass_for_an_empty_one(readings: Readings) -> None:
    with pytest.raises(FileRejected, match="tables missing: attendance"):
        readings.read(write_database(readings.drop, tables={"attendance": []}))


def test_a_renamed_required_column_rejects_the_file(readings: Readings) -> None:
    rows = [{("hrs" if name == "hours" else name): value for name, value in TABLES["lesson"][0].items()}]
    with pytest.raises(FileRejected, match="lesson: required column hours is missing"):
        readings.read(write_database(readings.drop, tables={"lesson": rows}))


def test_text_that_is_not_utf8_costs_only_its_row(readings: Readings) -> None:
    path = write_database(readings.drop)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO base SELECT 'J2', CAST(x'b2e2' AS TEXT), NULL, NULL, updated_at, 0 FROM base"
        )
    batch = readings.read(path)["base"]
    assert (batch.rows_loaded, batch.rows_quarantined) == (1, 1)
    (left_out,) = readings.quarantine(batch)
    assert (left_out["reason"], left_out["reason_code"]) == (
        "the row has bytes that are not UTF-8",
        "row_bytes",
    )


@pytest.mark.parametrize(
    ("table", "changes", "expected"),
    [
        ("lesson", {"lesson_date": "2024-13-41"}, ("lesson_date", "quarantined")),
        ("lesson", {"hours": 24.5}, ("hours", "quarantined")),
        ("lesson", {"hours": -1}, ("hours", "quarantined")),
        ("lesson", {"hours": "four"}, ("hours", "quarantined")),
        ("lesson", {"end_time": "08:00"}, ("end_time", "quarantined")),
        ("lesson", {"start_time": "25:00"}, ("start_time", "nulled")),
        ("training_class", {"end_date": "2026-03-01"}, ("end_date", "quarantined")),
        ("training_class", {"planned_hours": 2000.5}, ("planned_hours", "quarantined")),
        ("training_class", {"leave_status": "4"}, ("leave_status", "quarantined")),
        ("training_class", {"class_type": "9"}, ("class_type", "nulled")),
        ("training_class", {"status": None}, ("status", "quarantined")),
        ("enrollment", {"result": "ok"}, ("result", "quarantined")),
        ("enrollment", {"score": 100.5}, ("score", "quarantined")),
        ("enrollment", {"hours": -0.5}, ("hours", "quarantined")),
        ("attendance", {"status": "late?"}, ("status", "quarantined")),
        ("evaluation", {"score": 0}, ("score", "quarantined")),
        ("assessment", {"score": 101}, ("score", "quarantined")),
        ("follow_up", {"score": -1}, ("score", "quarantined")),
        ("student", {"sex": "男"}, ("sex", "nulled")),
        ("teacher", {"left_on": "2009-12-31"}, ("left_on", "quarantined")),
        ("institution", {"recognized": "maybe"}, ("recognized", "nulled")),
    ],
)
def test_a_bad_value_in_the_database_is_listed(
    readings: Readings, table: str, changes: dict, expected: tuple[str, str]
) -> None:
    rows = [TABLES[table][0] | changes]
    batch = readings.read(write_database(readings.drop, tables={table: rows}))[table]
    assert readings.reasons(batch) == [(1, *expected)]
    assert batch.rows_loaded == (expected[1] == "nulled")


def test_a_workbook_of_former_years_reaches_raw(readings: Readings) -> None:
    batches = readings.read(write_workbook(readings.drop))
    (row,) = readings.rows("academic", batches["backfill_class"]).to_pylist()
    assert (row["class_id"], row["year"], row["headcount"], row["hours"]) == ("2021-001", 2021, 7, 28.5)
    assert (row["start_date"], row["end_date"]) == (date(2021, 3, 22), date(2021, 3, 25))
    assert (row["is_off_job"], row["_source_row"]) == (True, 3)
    (row,) = readings.rows("academic", batches["backfill_student"]).to_pylist()
    assert (row["name"], row["sex"], row["id_number"]) == ("甲一", "1", "51990019850716001X")
    assert (row["id_number_is_text"], row["is_passed"], row["hours"]) == (True, True, None)
    assert row["_source_file"] == "academic/backfill/2021.xlsx#学员培训信息"


def test_an_id_number_stored_as_a_number_is_never_taken_for_valid(readings: Readings) -> None:
    row = list(STUDENT_ROW)
    row[5] = 519900198507160016
    batch = readings.read(write_workbook(readings.drop, students=[row]))["backfill_student"]
    loaded = readings.rows("academic", batch).to_pylist()[0]
    assert (loaded["id_number"], loaded["id_number_is_text"]) == (None, False)
    assert readings.reasons(batch) == [(3, "id_number", "nulled")]


def test_a_class_id_stored_as_a_number_is_damaged(readings: Readings) -> None:
    row = list(CLASS_ROW)
    row[1] = 2021001
    batch = readings.read(write_workbook(readings.drop, classes=[row]))["backfill_class"]
    assert readings.reasons(batch) == [(3, "class_id", "quarantined")]


@pytest.mark.parametrize(
    ("position", "value", "expected"),
    [
        (5, "2021-02-30", ("start_date", "quarantined")),
        (6, "2021年3月1日", ("end_date", "quarantined")),  # read, and before the start
        (10, 2001, ("hours", "quarantined")),
        (12, "也许", ("is_off_job", "nulled")),
        (8, "七", ("headcount", "nulled")),
        (2, None, ("class_name", "quarantined")),
    ],
)
def test_a_bad_cell_is_listed_with_its_row(readings: Readings, position: int, value, expected: tuple) -> None:
    row = list(CLASS_ROW)
    row[position] = value
    # A blank line between rows is no row and shifts no number.
    batch = readings.read(write_workbook(readings.drop, classes=[CLASS_ROW, [], row]))["backfill_class"]
    assert readings.reasons(batch) == [(5, *expected)]
    assert batch.rows_read == 2


def test_a_damaged_workbook_is_rejected_whole(readings: Readings) -> None:
    path = write_workbook(readings.drop)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileRejected, match="workbook"):
        readings.read(path)


def test_a_workbook_without_its_second_sheet_is_rejected_whole(readings: Readings) -> None:
    import openpyxl

    path = write_workbook(readings.drop)
    workbook = openpyxl.load_workbook(path)
    del workbook["学员培训信息"]
    workbook.save(path)
    with pytest.raises(FileRejected, match="sheets missing: 学员培训信息"):
        readings.read(path)
