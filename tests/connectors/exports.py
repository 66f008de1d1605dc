"""Small good exports of the four systems, made of invented people; each test damages its own."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.contract import load_contract
from connectors.delivery import Batch, DropFile, LandedFile
from connectors.landing import land_file
from connectors.registry import reader_of
from connectors.staging import Stage
from connectors.zones import Zones

NIGHT = date(2026, 6, 30)
AT = "2026-06-30T10:00:00+08:00"

CSVS = {
    "B01.csv": "B0111,B0101,B0104,B0114,B0117,B0121,B0131,UNIT_STATUS,SUCCESSOR\r\n"
    "001,测试市,测试市,,519900,,2,1,\r\n"
    "001.001,测试市委办公室,市委办,,519900,001,1,1,\r\n",
    "A01.csv": "A0000,A0101,A0104,A0107,A0117,A0134,A0141,A0163,A0165,A0184,A0192A,A0195,A0221,A0192E,"
    "A0288\r\n"
    'P1,甲一,1,19850716,01,200707,01,1,04,519900198507160011,"主任\n(兼""组长"",负责人)",001.001,1A31,,2020.05\r\n'
    "P2,乙二,2,1990.01,02,20120701,13,1,04,519900199001010028,科员,001.001,0150,1C,202101\r\n"
    "P3,丙三,1,197003,01,199207,01,2,04,519900197003010031,科员,001,1A50,,20100101\r\n",
    "A02.csv": "A0000,A0201B,A0201A,A0215A,A0219,A0221,A0243,A0265,A0255,A0279\r\n"
    "P1,001.001,测试市委办公室,主任,1,1A31,20200501,,1,1\r\n"
    "P1,001,测试市,科长,1,1A41,2015.01,20200501,0,1\r\n"
    "P2,001.001,测试市委办公室,科员,2,0150,20210101,,1,1\r\n",
    "A15.csv": "A0000,A1521,A1517\r\nP1,2024,1\r\nP1,2025,2\r\nP2,2025,2\r\n",
}

TABLES: dict[str, list[dict[str, Any]]] = {
    "institution": [
        {
            "institution_id": "I1",
            "name": "测试市委党校",
            "kind": "party_school",
            "level": "city",
            "recognized": 1,
        }
    ],
    "base": [{"base_id": "J1", "name": "测试馆", "region_code": "519900", "theme": "党史"}],
    "teacher": [
        {
            "teacher_id": "T1",
            "name": "丁四",
            "kind": "full_time",
            "title": "教授",
            "unit_name": "测试市委党校",
            "joined_on": "2010-01-01",
            "left_on": None,
        }
    ],
    "staff": [{"staff_id": "S1", "name": "戊五", "role": "head_teacher", "background": "教务处"}],
    "theme": [{"theme_code": "Z1", "name": "法治建设专题", "topic_text": "法治建设"}],
    "training_class": [
        {
            "class_id": "C1",
            "class_name": "第1期",
            "class_type": "2",
            "training_kind": "4",
            "leave_status": "1",
            "institution_id": "I1",
            "organizer_unit_code": "001",
            "theme_code": "Z1",
            "is_main_class": 0,
            "start_date": "2026-03-02",
            "end_date": "2026-03-06",
            "planned_hours": 40.0,
            "planned_seats": 30,
            "base_id": None,
            "head_teacher_id": "S1",
            "online_class_id": None,
            "status": "finished",
        }
    ],
    "class_staff": [{"class_id": "C1", "staff_id": "S1"}],
    "course": [
        {
            "course_id": "K1",
            "course_no": None,
            "title": "依法行政（上）",
            "category_text": "法治建设",
            "hours": 4.0,
            "method": "lecture",
            "is_local": 0,
            "developed_on": "2020-01-01",
        }
    ],
    "lesson": [
        {
            "lesson_id": "L1",
            "class_id": "C1",
            "course_id": "K1",
            "teacher_id": "T1",
            "lesson_date": "2026-03-02",
            "start_time": "08:30",
            "end_time": "12:00",
            "hours": 4.0,
        }
    ],
    "student": [
        {
            "student_id": "X1",
            "name": "甲一",
            "sex": "1",
            "id_number": " 51990019850716001x　",
            "birth": "1985-07-16",
            "staff_no": "P1",
            "unit_code": "001.001",
            "unit_name": "测试市委办公室",
            "post_title": "主任",
        }
    ],
    "enrollment": [
        {
            "enrollment_id": "E1",
            "class_id": "C1",
            "student_id": "X1",
            "enrolled_on": "2026-02-20",
            "result": "passed",
            "score": 88.0,
            "hours": None,
            "certificate_no": "Z001",
        }
    ],
    "attendance": [{"attendance_id": "A1", "lesson_id": "L1", "enrollment_id": "E1", "status": "late"}],
    "evaluation": [
        {
            "evaluation_id": "V1",
            "enrollment_id": "E1",
            "target_kind": "course",
            "target_id": "K1",
            "score": 5,
            "comment": 'two\nlines, "quoted"',
            "rated_at": AT,
        }
    ],
    "assessment": [
        {
            "assessment_id": "M1",
            "enrollment_id": "E1",
            "assessor_kind": "peer",
            "dimension": "political",
            "score": 90.5,
        }
    ],
    "follow_up": [
        {
            "follow_up_id": "F1",
            "enrollment_id": "E1",
            "respondent_kind": "leader",
            "months_after": 6,
            "item": "satisfaction",
            "score": 80.0,
            "answered_on": "2026-09-01",
        }
    ],
    "need_survey": [
        {
            "need_id": "N1",
            "year": 2026,
            "need_kind": "organization",
            "unit_code": "001",
            "student_id": None,
            "topic_text": "经济发展",
            "weight": 2.0,
        }
    ],
}

ACADEMY: dict[str, dict[str, Any]] = {
    "users": {
        "user_id": "U1",
        "real_name": "甲一",
        "sex": 1,
        "id_number": "519900********0011",
        "birth": None,
        "updated_at": AT,
    },
    "courses": {
        "course_id": "W1",
        "course_no": "GK1",
        "title": "税制",
        "credit_hours": 2,
        "duration_seconds": 5400,
        "requires_exam": False,
        "updated_at": AT,
    },
    "classes": {
        "class_id": "D1",
        "name": "网络班",
        "start_date": "2026-01-01",
        "end_date": "2026-03-01",
        "updated_at": AT,
    },
    "enrollments": {
        "enrollment_id": "G1",
        "class_id": "D1",
        "user_id": "U1",
        "result": "passed",
        "updated_at": AT,
    },
    "records": {
        "record_id": "R1",
        "user_id": "U1",
        "course_id": "W1",
        "started_at": AT,
        "completed_at": "2026-06-30T03:30:00Z",
        "study_seconds": 5400,
        "progress": 1.0,
        "score": 90,
        "passed": True,
        "client": "pc",
        "updated_at": AT,
    },
    "sessions": {
        "session_id": "Y1",
        "record_id": "R1",
        "started_at": AT,
        "ended_at": "2026-06-30T10:30:00+08:00",
        "seconds": 1800,
        "updated_at": AT,
    },
    "ratings": {"rating_id": "H1", "user_id": "U1", "course_id": "W1", "score": 4, "updated_at": AT},
}


def make_statement(**changes: Any) -> dict[str, Any]:
    """An xAPI statement; keyword arguments replace its top-level properties (None removes one)."""
    statement = {
        "id": "0a0a0a0a-0000-4000-8000-000000000001",
        "actor": {"account": {"homePage": "https://academy.example", "name": "U1"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/terminated"},
        "object": {
            "objectType": "Activity",
            "id": "https://mobile.example/micro/M1",
            "definition": {
                "name": {"zh-CN": "微课（一）"},
                "extensions": {"https://mobile.example/ext/category": "微课/公文"},
            },
        },
        "result": {"duration": "PT0H14M40.50S", "completion": True, "score": {"raw": 80}},
        "context": {"registration": "r1", "extensions": {"https://mobile.example/ext/device": "dev-1"}},
        "timestamp": AT,
        "stored": "2026-06-30T02:00:01.250Z",
    } | changes
    return {name: value for name, value in statement.items() if value is not None}


def write_cadre(
    drop: Path,
    night: date = NIGHT,
    *,
    revision: int = 1,
    texts: dict[str, str] | None = None,
    raw: dict[str, bytes] | None = None,
    change_manifest: Callable[[dict[str, Any]], None] = lambda manifest: None,
) -> Path:
    """A night's zip. `texts` replaces members, `raw` their bytes; the manifest fits unless changed."""
    members = {name: text.encode("gb18030") for name, text in (CSVS | (texts or {})).items()} | (raw or {})
    manifest: dict[str, Any] = {"system": "cadre", "business_date": night.isoformat(), "files": []}
    for name, data in members.items():
        # Records, not lines: a line end within quotes does not end a record.
        text = data.decode("gb18030", errors="replace")
        quoted, rows = False, 0
        for character in text:
            quoted ^= character == '"'
            rows += character == "\n" and not quoted
        manifest["files"].append({"name": name, "rows": rows - 1, "sha256": hashlib.sha256(data).hexdigest()})
    change_manifest(manifest)
    suffix = "" if revision == 1 else f"_r{revision}"
    path = drop / "cadre" / f"GBGL_{night:%Y%m%d}{suffix}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("manifest.json", json.dumps(manifest))
        for name, data in members.items():
            package.writestr(name, data)
    return path


def write_database(
    drop: Path,
    night: date = NIGHT,
    *,
    tables: dict[str, list[dict[str, Any]]] | None = None,
    suffix: str = "",
) -> Path:
    """A night's SQLite copy; `tables` replaces tables (an empty list removes one)."""
    path = drop / "academic" / f"JWGL_{night:%Y%m%d}{suffix}.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        for name, rows in (TABLES | (tables or {})).items():
            if not rows:
                continue
            complete = [{"updated_at": AT, "is_deleted": 0} | row for row in rows]
            columns = list(complete[0])
            database.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            database.executemany(
                f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})",
                [tuple(row[column] for column in columns) for row in complete],
            )
    return path


def write_lines(drop: Path, path: str, items: list[Any]) -> Path:
    """A gzipped NDJSON file; an item that is bytes or text stands as it is."""
    lines = [
        item
        if isinstance(item, bytes)
        else (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)).encode()
        for item in items
    ]
    target = drop / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(b"".join(line + b"\n" for line in lines), mtime=0))
    return target


CLASS_HEADER = [
    "年度",
    "班次ID",
    "班次名称",
    "班次类别",
    "主办单位",
    "开始时间",
    "结束时间",
    "地点",
    "人数",
    "学制(天)",
    "学时",
    "专题",
    "是否脱产",
]
CLASS_ROW = [
    2021,
    "2021-001",
    "第5期",
    "业务培训班",
    "测试市委党校",
    date(2021, 3, 22),
    "2021-03-25",
    "",
    7,
    4,
    28.5,
    "",
    "是",
]
STUDENT_HEADER = ["单位及职务", "性别", "考勤", "单位编码", "姓名", "身份证号", "学时", "班次ID", "是否合格"]
STUDENT_ROW = [
    "测试市委办公室主任",
    "男",
    "全勤",
    "001.001",
    "甲一",
    "51990019850716001X",
    "",
    "2021-001",
    "",
]


def write_workbook(
    drop: Path,
    name: str = "2021.xlsx",
    *,
    classes: list[list[Any]] | None = None,
    students: list[list[Any]] | None = None,
) -> Path:
    """A back-fill workbook: title, header, rows in two sheets."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "培训班数据"
    for row in [["测试市2021年度班次"], CLASS_HEADER, *([CLASS_ROW] if classes is None else classes)]:
        sheet.append(row)
    sheet = workbook.create_sheet("学员培训信息")
    for row in [["测试市2021年度学员"], STUDENT_HEADER, *([STUDENT_ROW] if students is None else students)]:
        sheet.append(row)
    path = drop / "academic" / "backfill" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


class Readings:
    """Lands and reads single files of a drop without a ledger, and shows what was written."""

    def __init__(self, folder: Path) -> None:
        self.zones = Zones(folder / "data")
        self.zones.create()
        self.stage = Stage(self.zones)
        self.drop = folder / "drop"

    def land(self, path: Path, night: date = NIGHT) -> LandedFile:
        """Land one file of the drop."""
        relative = path.relative_to(self.drop).as_posix()
        source = relative.split("/")[0]
        name = load_contract(source).interpret(relative)
        assert name is not None, relative
        day = name.business_date or night
        return land_file(self.zones, DropFile(source, relative, str(path), day, name.revision, name))

    def read(self, path: Path) -> dict[str, Batch]:
        """Read one file; every batch reconciles, in its counts and with what was written."""
        file = self.land(path)
        batches = {batch.entity: batch for batch in reader_of(file.drop.source).read(self.stage, file)}
        for batch in batches.values():
            assert batch.rows_read == batch.rows_loaded + batch.rows_quarantined + batch.rows_superseded
            assert self.rows(file.drop.source, batch).num_rows == batch.rows_loaded
            bad_rows = {row["source_row"] for row in self.quarantine(batch) if row["action"] == "quarantined"}
            assert len(bad_rows) == batch.rows_quarantined
        return batches

    def rows(self, source: str, batch: Batch) -> pa.Table:
        """The raw rows of a batch."""
        return pq.read_table(self.zones.raw / f"{source}__{batch.entity}" / f"{batch.batch_id}.parquet")

    def quarantine(self, batch: Batch) -> list[dict[str, Any]]:
        """The quarantine of a batch."""
        path = self.zones.quarantine / f"{batch.batch_id}.parquet"
        return pq.read_table(path).to_pylist() if path.exists() else []

    def reasons(self, batch: Batch) -> list[tuple[int, str | None, str]]:
        """Row, field and action of a batch's quarantine, in order."""
        return [(row["source_row"], row["field"], row["action"]) for row in self.quarantine(batch)]
