"""Rows that cannot be read, or not wholly, and columns that are not where they were, beside good rows.

Bad rows stand behind the good ones of their file, so that the good ones keep their numbers; what becomes null
is null in the intact delivery too. So a city with these faults ends with the rows of the city without them.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.faults import drop_files as files
from tests.faults import planted_content as content
from tests.faults.drop_files import Row
from tests.faults.nights import FIRST

RECORDS = "academy/20260629/records-0001.ndjson.gz"
USERS = "academy/20260630/users-0801.ndjson.gz"
COURSES = "academy/20260629/courses-0001.ndjson.gz"
SENT_TWICE = "mobile/dt=2026-06-30/statements-0003.ndjson.gz"
FAULTY_STATEMENTS = "mobile/dt=2026-06-30/statements-0004.ndjson.gz"
PACKAGE = "cadre/GBGL_20260629_r2.zip"
DATABASE = "academic/JWGL_20260630_r6.sqlite"
ONCE = content.Moment("ONCE", "2026-06-30T09:00:00+08:00", "2026-06-30T09:00:09+08:00", "2026-06-30")
PART_MOMENT = content.Moment("PART", "2026-06-30T10:00:00+08:00", "2026-06-30T10:00:09+08:00", "2026-06-30")
CORRECTED_RECORD, NULLED_RECORD = "WR90000001", "WR90000002"


@dataclass(frozen=True)
class RowFault:
    """A fault of one row: what it is, in which file, which row from the end, and what is said of it."""

    fault: str
    source_file: str
    from_end: int
    field: str | None
    action: str
    reason: str


# In the order in which the rows are appended; `from_end` is 1 for a file's last row.
LINES = (
    RowFault("nulled value", RECORDS, 6, "score", "nulled", "not a number"),
    RowFault("malformed line", RECORDS, 5, None, "quarantined", "the line is not one JSON object"),
    RowFault("a list for an object", RECORDS, 4, None, "quarantined", "the line is not one JSON object"),
    RowFault("invalid UTF-8", RECORDS, 3, None, "quarantined", "the line is not UTF-8"),
    RowFault("wrong type", RECORDS, 2, "study_seconds", "quarantined", "not a number"),
    RowFault("end before start", RECORDS, 1, "last_at", "quarantined", "last_at is before started_at"),
    RowFault("required field renamed", USERS, 1, "user_id", "quarantined", "required value is missing"),
    RowFault(
        "impossible instant", FAULTY_STATEMENTS, 1, "timestamp", "quarantined", "not an instant with offset"
    ),
)
PACKAGE_ROWS = (
    RowFault("unknown code", f"{PACKAGE}#A01.csv", 3, "a0141", "nulled", "not in the code list"),
    RowFault(
        "invalid GB18030", f"{PACKAGE}#A01.csv", 2, None, "quarantined",
        "the record has bytes that are not GB18030",
    ),
    RowFault(
        "a field too many", f"{PACKAGE}#A01.csv", 1, None, "quarantined",
        "the record has more fields than the header",
    ),
    RowFault(
        "a field too few", f"{PACKAGE}#A02.csv", 2, None, "quarantined",
        "the record has fewer fields than the header",
    ),
    RowFault(
        "impossible date", f"{PACKAGE}#A02.csv", 1, "a0243", "quarantined",
        "not a date of the calendar written as YYYYMMDD, YYYYMM, YYYY.MM",
    ),
)  # fmt: skip
DATABASE_ROWS = (
    RowFault(
        "unknown required code", f"{DATABASE}#enrollment", 1, "result", "quarantined",
        "not in the code list",
    ),
    RowFault(
        "text that is not UTF-8", f"{DATABASE}#student", 1, None, "quarantined",
        "the row has bytes that are not UTF-8",
    ),
    RowFault("absurd hours", f"{DATABASE}#lesson", 1, "hours", "quarantined", "below 0 or above 24"),
)  # fmt: skip
ROW_FAULTS = (*LINES, *PACKAGE_ROWS, *DATABASE_ROWS)


def plant_rows(drop: Path) -> None:
    """The rows of the intact delivery beside which, or in whose place, faulty ones will come."""
    files.write_lines(drop / RECORDS, [*files.read_lines(drop / RECORDS), *_records()])
    files.write_lines(drop / USERS, [_user()])
    files.write_lines(drop / SENT_TWICE, _once())
    statement = content.make_statement("9a470000-0000-4000-8000-000000000001", PART_MOMENT, "completed")
    files.write_lines(drop / "mobile/dt=2026-06-30/statements-0009.ndjson.gz", [statement])
    package = drop / content.CADRE[FIRST]
    members = files.read_members(package)
    people = files.read_csv(members["A01.csv"])
    people[-1]["A0141"] = ""
    # A column that the first delivery lacks: the second brings it back.
    files.write_members(package, members | {"A01.csv": files.write_csv(people)}, FIRST)


def _records() -> list[Row]:
    record = {
        "user_id": content.CLOCK_USER, "course_id": "WK0057", "started_at": "2026-06-28T19:00:00+08:00",
        "last_at": "2026-06-28T20:00:00+08:00", "completed_at": "2026-06-28T20:00:00+08:00",
        "study_seconds": 3000, "progress": 1, "score": 90, "passed": True, "client": "pc",
    }  # fmt: skip
    corrected = {"record_id": CORRECTED_RECORD, **record, "updated_at": "2026-06-29T20:30:00+08:00"}
    nulled = {"record_id": NULLED_RECORD, **record, "course_id": "WK0018", "score": None}
    return [corrected, {**nulled, "updated_at": "2026-06-28T20:00:05+08:00"}]


def _user() -> Row:
    return {"user_id": "U900002", "real_name": "改列", "updated_at": "2026-06-30T18:00:00+08:00"}


def _once() -> list[Row]:
    return [
        content.make_statement("0ce00000-0000-4000-8000-000000000001", ONCE, "terminated", duration="PT45M"),
        content.make_statement("0ce00000-0000-4000-8000-000000000002", ONCE, "completed", completion=True),
    ]


def write_faulty_lines(drop: Path) -> None:
    """Faulty lines behind good ones, an item that will be corrected, types and names that have changed."""
    good = files.read_lines(drop / RECORDS)[:-2]
    corrected, nulled = _records()
    # The first export says that the course was not finished; the correction, `_r2`, is 90 minutes newer.
    first = corrected | {"completed_at": None, "progress": 0.4, "updated_at": "2026-06-29T19:00:00+08:00"}
    bad = nulled | {"record_id": "WR90000003"}
    files.write_lines(
        drop / RECORDS,
        [
            *good,
            first,
            # retyped: numbers and truth values come as texts
            nulled | {"score": "A+", "study_seconds": "3000", "progress": "1", "passed": "true"},
            b'{"record_id":"WR90000004","user_id":"U2000',
            b'[{"record_id":"WR90000005"}]',
            b'{"record_id":"WR90000006","user_id":"\xd6\xd0"}',
            bad | {"study_seconds": "fifty minutes"},
            bad | {"last_at": "2026-06-28T18:00:00+08:00"},
        ],
    )
    files.write_lines(drop / USERS, [_user() | {"gender": "1"}, _user() | {"uid": "U9", "user_id": None}])
    lines = files.read_lines(drop / COURSES)
    files.write_lines(drop / COURSES, [b"\xef\xbb\xbf" + lines[0], *lines[1:]])
    terminated, completed = _once()
    files.write_lines(drop / SENT_TWICE, [terminated, completed, terminated])
    files.write_lines(
        drop / FAULTY_STATEMENTS,
        [
            terminated | {"result": {"duration": "PT9H"}},  # the same id with another payload
            completed
            | {"id": "0ce00000-0000-4000-8000-000000000003", "timestamp": "2023-02-30T10:00:00+08:00"},
        ],
    )


def write_without_columns(intact: Path, package: Path) -> None:
    """The first night's zip without an optional column, and with another under a name that nobody knows."""
    members = files.read_members(intact)
    people = files.read_csv(members["A01.csv"])
    members["A01.csv"] = files.write_csv(people, [name for name in people[0] if name != "A0117"])
    members["B01.csv"] = members["B01.csv"].replace(b"B0114", b"TYXYDM", 1)
    files.write_members(package, members, FIRST)


def write_faulty_package(intact: Path, package: Path) -> None:
    """The first night's zip again: columns reordered and added, a BOM, UTF-8, and unreadable records."""
    members = files.read_members(intact)
    people = files.read_csv(members["A01.csv"])
    people[-1]["A0141"] = "77"
    columns = [*reversed(list(people[0])), "A0178"]
    spoilt = people[0] | {"A0000": "ZZ1030001", "A0101": "坏字"}
    data = files.write_csv([one | {"A0178": "备用"} for one in [*people, spoilt]], columns)
    data = data.replace("坏字".encode("gb18030"), b"\xff\xff")
    overlong = ["x", *([""] * len(columns))]
    members["A01.csv"] = data + _record(overlong)
    posts = files.read_csv(members["A02.csv"])
    impossible = posts[0] | {"A0243": "20230230", "A0265": ""}
    members["A02.csv"] += _record(["GB1000003", content.UNIT]) + _record(list(impossible.values()))
    members["A15.csv"] = "\ufeff".encode("gb18030") + members["A15.csv"]
    members["B01.csv"] = members["B01.csv"].decode("gb18030").encode()
    files.write_members(package, members, FIRST)


def _record(fields: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(fields)
    return text.getvalue().encode("gb18030")


def write_faulty_database(intact: Path, copy: Path) -> None:
    """The last night's database again: columns of a table reordered and retyped, and unreadable rows."""
    shutil.copyfile(intact, copy)
    files.change_database(
        copy,
        "ALTER TABLE enrollment RENAME TO before",
        # Texts for numbers, the other way round, and a column more: in another order.
        "CREATE TABLE enrollment (remark TEXT, is_deleted TEXT, updated_at TEXT, certificate_no TEXT, "
        "hours TEXT, score TEXT, result TEXT, enrolled_on TEXT, student_id TEXT, class_id TEXT, "
        "enrollment_id TEXT PRIMARY KEY)",
        "INSERT INTO enrollment (rowid, remark, is_deleted, updated_at, certificate_no, hours, score, "
        "result, enrolled_on, student_id, class_id, enrollment_id) SELECT rowid, 'x', "
        "CASE WHEN is_deleted THEN 'true' ELSE 'false' END, updated_at, certificate_no, hours, score, "
        "result, enrolled_on, student_id, class_id, enrollment_id FROM before",
        "DROP TABLE before",
        "INSERT INTO student (student_id, name, updated_at, is_deleted) "
        "VALUES ('XY900999', CAST(x'D6D0CEC4' AS TEXT), '2026-06-30T18:00:00+08:00', 0)",
    )
    files.insert_rows(
        copy,
        "enrollment",
        {"enrollment_id": "BM900999", "class_id": "BCRARE01", "student_id": "XY900000", "result": "maybe"},
    )
    files.insert_rows(
        copy,
        "lesson",
        {
            "lesson_id": "K9009999", "class_id": "BCRARE01", "course_id": "KC0001",
            "lesson_date": "2025-05-06", "hours": 240,
        },
    )  # fmt: skip
