"""The academic-affairs system's nightly SQLite copies, and their planted faults."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as pa

from simulator.academic import Academic
from simulator.academic_tables import TABLES, tables_on
from simulator.plan import SimulationPlan, SimulationReport, day_date

_TYPES = {pa.string(): "TEXT", pa.int64(): "INTEGER", pa.float64(): "REAL"}
_TOUCHED = "2026-05-30T13:53:20+08:00"


def write_copy(academic: Academic, night: int, drop: Path, report: SimulationReport) -> None:
    """The database of a night. With three nights or more, the copy of the last but one is missing."""
    plan = academic.plan
    name = f"academic/JWGL_{day_date(plan.first_night_day + night):%Y%m%d}.sqlite"
    if plan.dirty and plan.nights >= 3 and night == plan.nights - 2:
        report.plant(name, "night missing", 1)
        return
    tables = tables_on(academic, night)
    for table in TABLES:
        report.count(f"academic.{table}", tables[table].num_rows)
    if plan.dirty:
        _plant(plan, academic, night, tables, name, report)
    path = drop / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sqlite(path, tables)


def write_sqlite(path: Path, tables: dict[str, pa.Table]) -> None:
    """A new SQLite file with one table per Arrow table; the same rows give the same bytes."""
    path.unlink(missing_ok=True)
    with closing(sqlite.connect(str(path))) as connection, closing(connection.cursor()) as cursor:
        for name, table in tables.items():
            columns = ", ".join(f"{f.name} {_TYPES[f.type]}" for f in table.schema)
            cursor.execute(f"CREATE TABLE {name} ({columns})")
            cursor.adbc_ingest(name, table, mode="append")
        connection.commit()


def _plant(
    plan: SimulationPlan,
    academic: Academic,
    night: int,
    tables: dict[str, pa.Table],
    name: str,
    report: SimulationReport,
) -> None:
    """Add rows that no good export has; their keys begin with 8 in the running number."""

    def plant(table: str, kind: str, detail: str, **values: object) -> None:
        base = {field.name: None for field in tables[table].schema}
        row = {**base, "updated_at": _TOUCHED, "is_deleted": 0, **values}
        tables[table] = pa.concat_tables(
            [tables[table], pa.Table.from_pylist([row], schema=tables[table].schema)]
        )
        report.plant(f"{name}#{table}", kind, 1, detail)

    def first(table: str, column: str) -> str:
        return str(tables[table][column][0])

    class_id, student, course = (
        first("training_class", "class_id"),
        first("student", "student_id"),
        first("course", "course_id"),
    )
    lesson, enrolment = first("lesson", "lesson_id"), first("enrollment", "enrollment_id")
    a_class = {
        "class_type": "2",
        "training_kind": "4",
        "leave_status": "1",
        "institution_id": "JG001",
        "is_main_class": 0,
        "planned_hours": 8.0,
        "planned_seats": 30,
        "status": "finished",
    }
    plant(
        "training_class",
        "end before start",
        "end_date",
        **a_class,
        class_id="BC88880001",
        class_name="日期颠倒的班",
        start_date="2024-05-20",
        end_date="2024-05-10",
    )
    plant(
        "training_class",
        "impossible date",
        "start_date",
        **a_class,
        class_id="BC88880002",
        class_name="日期不存在的班",
        start_date="2023-02-30",
        end_date="2023-03-10",
    )
    a_lesson = {
        "class_id": class_id,
        "course_id": course,
        "lesson_date": "2024-05-20",
        "start_time": "08:30",
        "end_time": "12:00",
    }
    plant("lesson", "negative or absurd hours", "-4", **a_lesson, lesson_id="K8000001", hours=-4.0)
    plant("lesson", "negative or absurd hours", "99", **a_lesson, lesson_id="K8000002", hours=99.0)
    plant(
        "course",
        "unknown code",
        "method",
        course_id="KC8001",
        title="方法不明的课",
        hours=4.0,
        method="hologram",
        is_local=0,
    )
    seat = {"enrolled_on": "2023-02-01", "result": "passed"}
    plant(
        "enrollment",
        "orphan key",
        "class_id",
        **seat,
        enrollment_id="BM8000001",
        class_id="BC99999999",
        student_id=student,
    )
    plant(
        "enrollment",
        "orphan key",
        "student_id",
        **seat,
        enrollment_id="BM8000002",
        class_id=class_id,
        student_id="XY999999",
    )
    plant(
        "enrollment",
        "negative or absurd hours",
        "5000",
        **seat,
        enrollment_id="BM8000003",
        class_id=class_id,
        student_id=student,
        hours=5000.0,
    )
    plant(
        "enrollment",
        "unknown code",
        "result",
        **{**seat, "result": "transferred"},
        enrollment_id="BM8000004",
        class_id=class_id,
        student_id=student,
    )
    plant(
        "attendance",
        "orphan key",
        "lesson_id",
        attendance_id="KQ8000001",
        lesson_id="K9999999",
        enrollment_id=enrolment,
        status="absent",
    )
    plant(
        "attendance",
        "orphan key",
        "enrollment_id",
        attendance_id="KQ8000002",
        lesson_id=lesson,
        enrollment_id="BM9999999",
        status="absent",
    )
    plant(
        "attendance",
        "unknown code",
        "status",
        attendance_id="KQ8000003",
        lesson_id=lesson,
        enrollment_id=enrolment,
        status="sick",
    )
    opinion = {"enrollment_id": enrolment, "target_kind": "course", "target_id": course, "rated_at": _TOUCHED}
    plant("evaluation", "score out of range", "9", **opinion, evaluation_id="PJ8000001", score=9)
    plant(
        "evaluation", "deleted row", "is_deleted", **opinion, evaluation_id="PJ8000002", score=1, is_deleted=1
    )
    plant(
        "evaluation",
        "embedded newline and quotes",
        "comment",
        **opinion,
        evaluation_id="PJ8000003",
        score=4,
        comment='embedded\nnewline, "quotes"',
    )
    tables["base"] = tables["base"].append_column("remark", pa.array(["备注"] * tables["base"].num_rows))
    report.plant(f"{name}#base", "column added", 1, "remark")
    if night:
        report.plant(
            f"{name}#enrollment",
            "deleted row",
            sum(map(len, academic.deleted_enrolments[:night])),
            "is_deleted",
        )
        report.plant(
            f"{name}#attendance",
            "deleted row",
            sum(map(len, academic.deleted_attendance[:night])),
            "is_deleted",
        )
        report.plant(
            f"{name}#attendance",
            "row gone without a mark",
            sum(map(len, academic.vanished_attendance[:night])),
        )
        report.plant(f"{name}#course", "course re-categorised", sum(map(len, academic.recategorised[:night])))


def repeat_under_another_name(original: Path, copy: Path) -> None:
    """The same bytes again."""
    shutil.copyfile(original, copy)
