"""Workbooks of former years: classes and students that never reached the database."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook

from simulator import vocabulary as words
from simulator.academic import Academic
from simulator.academic_export import repeat_under_another_name
from simulator.archives import write_zip
from simulator.classes import KINDS, OFF_JOB
from simulator.damage import damage_identities
from simulator.enrolments import PASSED
from simulator.people import POSTS, Cadres
from simulator.plan import Ints, SimulationReport, day_date
from simulator.registrations import written_backfill_ids
from simulator.text_columns import take_text

STUDENTS_A_BOOK = 15_000
CLASS_SHEET, STUDENT_SHEET = "培训班数据", "学员培训信息"
_CLASS_COLUMNS = (
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
)
_STUDENT_COLUMNS = (
    "班次ID",
    "姓名",
    "性别",
    "身份证号",
    "单位编码",
    "单位及职务",
    "考勤",
    "是否合格",
    "学时",
)
_TYPE_NAMES = {"1": "进修班", "2": "培训班", "3": "理论班", "4": "专题研讨班", "B": "业务培训班"}
_STAMP = (2024, 1, 1, 0, 0, 0)
Cell = str | int | float | datetime | None


def write_workbooks(
    academic: Academic, cadres: Cadres, drop: Path, report: SimulationReport
) -> list[tuple[str, str | None]]:
    """The books of each former year; gives (file and row of a student, person code) as truth."""
    plan, classes = academic.plan, academic.classes
    truth: list[tuple[str, str | None]] = []
    for year in np.unique(classes.year[classes.is_backfill]):
        rng = plan.rng(f"workbook {year}")
        chosen_classes = np.flatnonzero(classes.is_backfill & (classes.year == year) & ~classes.cancelled)
        known_too = np.flatnonzero(~classes.is_backfill & (classes.year == year) & ~classes.cancelled)[:2]
        wanted = np.sort(np.concatenate([chosen_classes, known_too]))
        seats = np.bincount(academic.enrolments.class_, minlength=len(classes))[wanted]
        book_of = np.cumsum(seats) // STUDENTS_A_BOOK
        for book in np.unique(book_of):
            suffix = f"(第{book + 1}册)" if book else ""
            name = f"academic/backfill/{year}年干部教育培训数据{suffix}.xlsx"
            truth += _write_book(
                rng, academic, cadres, int(year), wanted[book_of == book], drop / name, name, report
            )
    books = sorted((drop / "academic" / "backfill").glob("*.xlsx"))
    if plan.dirty and books:
        copy = books[0].with_name(books[0].stem + "(1).xlsx")
        repeat_under_another_name(books[0], copy)
        report.plant(f"academic/backfill/{copy.name}", "same file under another name", 1)
        cut = books[0].with_name(f"{plan.start.year - 1}年干部教育培训数据.xlsx")
        cut.write_bytes(books[0].read_bytes()[:3000])
        report.plant(f"academic/backfill/{cut.name}", "cut workbook", 1)
    return truth


def _write_book(
    rng: np.random.Generator,
    academic: Academic,
    cadres: Cadres,
    year: int,
    wanted: Ints,
    path: Path,
    name: str,
    report: SimulationReport,
) -> list[tuple[str, str | None]]:
    plan = academic.plan
    class_rows = _class_rows(rng, academic, year, wanted)
    student_rows, codes = _student_rows(rng, academic, cadres, year, wanted)
    report.count("academic.backfill_class", len(class_rows))
    report.count("academic.backfill_student", len(student_rows))
    if plan.dirty:
        number = next(k for k, row in enumerate(student_rows) if row[3])
        student_rows[number][3] = float(re.sub(r"\D", "0", str(student_rows[number][3]).strip()[:17]) or 1)
        report.plant(f"{name}#{STUDENT_SHEET}", "number stored as a number", 1, "身份证号")
        student_rows.append([f"{year}-999", "查无此班", None, None, None, None, None, None, 8])
        codes.append(None)
        report.plant(f"{name}#{STUDENT_SHEET}", "orphan key", 1, "班次ID")
        wrong: list[Cell] = [*class_rows[0]]
        wrong[1], wrong[2], wrong[5], wrong[6] = (
            f"{year}-998",
            "日期颠倒的班",
            f"{year}-05-20",
            f"{year}-05-10",
        )
        class_rows.append(wrong)
        report.plant(f"{name}#{CLASS_SHEET}", "end before start", 1)
    book = Workbook(write_only=True)
    for sheet, title, header, rows in (
        (CLASS_SHEET, f"{words.CITY}{year}年度干部教育培训班次统计表", _CLASS_COLUMNS, class_rows),
        (STUDENT_SHEET, f"{words.CITY}{year}年度学员培训信息", _STUDENT_COLUMNS, student_rows),
    ):
        page = book.create_sheet(sheet)
        page.append([title])
        order = rng.permutation(len(header))
        page.append([header[k] for k in order])
        for row in rows:
            page.append([row[k] for k in order])
    _save(book, path)
    return [(f"{name}#{STUDENT_SHEET}!{row}", code) for row, code in enumerate(codes, start=3)]


def _class_rows(rng: np.random.Generator, academic: Academic, year: int, wanted: Ints) -> list[list[Cell]]:
    c, catalogue = academic.classes, academic.catalogue
    themes, schools = (
        catalogue.tables["theme"]["name"].to_pylist(),
        catalogue.tables["institution"]["name"].to_pylist(),
    )
    names = academic.class_names.take(pa.array(wanted)).to_pylist()
    seats = np.bincount(academic.enrolments.class_, minlength=len(c))
    as_text = rng.random(len(wanted)) < 0.4
    places = rng.integers(0, 4, len(wanted))
    rows: list[list[Cell]] = []
    for k, (w, name) in enumerate(zip(wanted, names, strict=True)):
        begin, end = day_date(c.start[w]), day_date(c.end[w])
        dates: list[Cell] = [begin.isoformat(), end.isoformat()]
        if not as_text[k]:
            dates = [datetime.combine(day, time.min) for day in (begin, end)]
        hours = float(c.planned_hours[w])
        rows.append(
            [
                year,
                f"{year}-{k + 1:03d}",
                name,
                _TYPE_NAMES[KINDS[c.kind[w]].class_type],
                schools[c.school[w]],
                *dates,
                (words.CITY_SHORT, words.PROVINCE_TOWN, "省城", None)[places[k]],
                int(seats[w]),
                int(c.end[w] - c.start[w] + 1),
                int(hours) if hours.is_integer() else hours,
                themes[c.theme[w]] if c.theme[w] >= 0 else None,
                "是" if KINDS[c.kind[w]].leave == OFF_JOB else "否",
            ]
        )
    return rows


def _student_rows(
    rng: np.random.Generator, academic: Academic, cadres: Cadres, year: int, wanted: Ints
) -> tuple[list[list[Cell]], list[str | None]]:
    """Rows by class, and the person code of each (None: a guest)."""
    e, units = academic.enrolments, academic.units
    rows = np.flatnonzero(np.isin(e.class_, wanted))
    n = len(rows)
    guest, person = e.cadre[rows] < 0, np.maximum(e.cadre[rows], 0)
    visitor = pa.array(np.maximum(e.guest[rows], 0))
    number = _either(guest, academic.guests.id_number.take(visitor), cadres.id_number.take(pa.array(person)))
    birth = np.where(guest, academic.guests.birth[np.maximum(e.guest[rows], 0)], cadres.birth[person])
    name = _either(guest, academic.guests.name.take(visitor), cadres.name.take(pa.array(person)))
    unit = cadres.unit[person]
    names, ids = damage_identities(
        academic.plan,
        f"workbook {year} {wanted[0]}",
        name.to_pylist(),
        written_backfill_ids(rng, number, birth).to_pylist(),
    )
    sex = np.where(
        rng.random(n) < 0.08,
        0,
        np.where(guest, academic.guests.sex[np.maximum(e.guest[rows], 0)], cadres.sex[person]),
    )
    coded, all_there, stated, verdict = rng.random((4, n)) < np.array([[0.9], [0.56], [0.57], [0.55]])
    unit_code = take_text(pa.array(units.code), np.where(guest, -1, unit)).to_pylist()
    unit_name = take_text(pa.array(units.name), unit).to_pylist()
    place = np.searchsorted(wanted, e.class_[rows])
    hours = academic.classes.planned_hours[e.class_[rows]]
    passed = e.final[rows] == PASSED
    out: list[list[Cell]] = [
        [
            f"{year}-{place[k] + 1:03d}",
            who,
            (None, "男", "女")[sex[k]],
            ids[k],
            unit_code[k] if coded[k] else None,
            None if guest[k] else f"{unit_name[k]}{POSTS[cadres.rank[person[k]]]}",
            "全勤" if all_there[k] else None,
            ("是" if verdict[k] else None) if passed[k] else "否",
            (int(hours[k]) if hours[k].is_integer() else float(hours[k])) if stated[k] else None,
        ]
        for k, who in enumerate(names)
    ]
    codes = _either(guest, pa.nulls(n, pa.string()), cadres.code.take(pa.array(person))).to_pylist()
    return out, codes


def _either(first: np.ndarray, yes: pa.Array, no: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(first), yes, no)


def _save(book: Workbook, path: Path) -> None:
    """Save without the time of saving, so that the bytes depend on the cells only."""
    held = io.BytesIO()
    book.save(held)
    with zipfile.ZipFile(held) as archive:
        members: dict[str, bytes] = {name: archive.read(name) for name in _in_order(archive.namelist())}
    core = members["docProps/core.xml"].decode()
    members["docProps/core.xml"] = re.sub(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2024-01-01T00:00:00Z", core
    ).encode()
    write_zip(path, members, _STAMP)


def _in_order(names: Sequence[str]) -> list[str]:
    """The content types first, as spreadsheet programs expect."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
