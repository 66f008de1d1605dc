"""A city of 200 cadres over three nights, with people planted whose lights change for one known reason each,
and with exports that come late: what a replay of an old night must not see.

The drop is written whole; `arrivals` says which files come later than the night in their name, so that the
nights can be run as they happened.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ganxun.night import NightReport, run_night
from ganxun.settings import Settings
from ganxun.steps import build
from ganxun.steps.published_links import find_published_run
from simulator import SimulationPlan, simulate

NIGHTS = (date(2026, 6, 28), date(2026, 6, 29), date(2026, 6, 30))
FIRST, SECOND, LAST = NIGHTS
WORKBOOK = "academic/backfill/2022年干部教育培训数据.xlsx"
# Which night a file comes in, where that is not the night of its name.
LATE = {
    WORKBOOK: SECOND,
    "cadre/GBGL_20260628_r2.zip": SECOND,
    "academic/JWGL_20260628_r2.sqlite": SECOND,
    "academy/20260628/records-0001_r2.ndjson.gz": SECOND,
    "cadre/GBGL_20260629.zip": LAST,
}
# Classes without lessons: an enrolment's stated hours count. (start, end)
CLASSES = {
    "BCX00001": ("2021-06-20", "2021-06-29"),  # leaves the window after the first night
    "BCX00002": ("2024-03-01", "2024-03-20"),
    "BCX00003": ("2026-06-29", "2026-06-30"),
}
OLD, BASE, NEW = CLASSES


@dataclass(frozen=True)
class Planted:
    """A planted person: what the systems say in the first and in the last night, and what must come of it."""

    code: str
    reason: str
    lights: tuple[str | None, str | None]
    first: dict[str, float] = field(default_factory=dict)  # class: stated hours
    last: dict[str, float] | None = None  # None: as in the first night
    result: str = "passed"  # in the last night
    person: dict[str, str] = field(default_factory=dict)  # fields of A01 that change in the last night
    first_person: dict[str, str] = field(default_factory=dict)
    student_of: tuple[str, str] | None = None  # whose number the student shows in the first and last night

    @property
    def number(self) -> str:
        """A valid ID number (GB 11643)."""
        body = f"519900{1970 + int(self.code[-2:])}0715{self.code[-3:]}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _plant() -> list[Planted]:
    eleven, twelve = "ZZ1000011", "ZZ1000012"
    return [
        Planted("ZZ1000001", "new_record", ("yellow", "green"), {BASE: 300}, {BASE: 300, NEW: 200}),
        Planted("ZZ1000002", "correction", ("green", "red"), {BASE: 500}, result="failed"),
        Planted("ZZ1000003", "correction", ("yellow", "green"), {BASE: 430}, {BASE: 460}),
        Planted("ZZ1000004", "ageing_out", ("green", "red"), {OLD: 500}),
        Planted("ZZ1000005", "transfer", ("green", "green"), {BASE: 500}, person={"A0195": "001.005"}),
        Planted("ZZ1000006", "rank", ("green", "yellow"), {BASE: 500}, person={"A0221": "1A31"}),
        Planted("ZZ1000007", "newly_due", (None, "yellow"), {BASE: 300}, first_person={"A0163": "2"}),
        Planted("ZZ1000008", "no_longer_due", ("green", None), {BASE: 500}, person={"A0163": "2"}),
        Planted("ZZ1000009", "rule", ("yellow", "green"), {BASE: 447}),
        Planted("ZZ1000010", "identity", ("red", "green"), {BASE: 500}, student_of=("", "ZZ1000010")),
        Planted(eleven, "identity", ("green", "red"), {BASE: 500}, student_of=(eleven, twelve)),
        Planted(twelve, "identity", ("red", "green")),
        Planted("ZZ1000013", "removed_record", ("green", "red"), {BASE: 500}, {}),
    ]  # fmt: skip


PLANTED = _plant()


def write_city(drop: Path) -> None:
    """Write the whole drop: the simulated city, the planted people, and the exports that come late."""
    simulate(
        SimulationPlan(cadres=200, start=date(2021, 1, 1), end=LAST, seed=11, nights=3, dirty=False), drop
    )
    for night in NIGHTS:
        _add_people(drop / f"cadre/GBGL_{night:%Y%m%d}.zip", night)
        _add_enrolments(drop / f"academic/JWGL_{night:%Y%m%d}.sqlite", night)
    _write_late_exports(drop)


def arrive(full: Path, drop: Path, night: date) -> None:
    """Bring into `drop` what has arrived by the end of a night."""
    for path in sorted(p for p in full.rglob("*") if p.is_file()):
        name = path.relative_to(full).as_posix()
        if _arrival(name) <= night:
            (drop / name).parent.mkdir(parents=True, exist_ok=True)
            if not (drop / name).exists():
                shutil.copy2(path, drop / name)


def _arrival(name: str) -> date:
    if name in LATE:
        return LATE[name]
    written = re.search(r"(\d{4})-?(\d\d)-?(\d\d)", name)
    return date(*map(int, written.groups())) if written else FIRST


def _add_people(package: Path, night: date, exported_at: str | None = None, extra: str | None = None) -> None:
    with zipfile.ZipFile(package) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    rows = list(csv.DictReader(io.StringIO(members["A01.csv"].decode("gb18030"), newline="")))
    have = {row["A0000"] for row in rows}
    people = [one for one in PLANTED if one.code not in have]
    for one in people:
        change = one.person if night == LAST else one.first_person if night == FIRST else {}
        rows.append(_person(one.code, one.number) | change)
    if extra:
        rows.append(_person(extra, ""))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    members["A01.csv"] = text.getvalue().encode("gb18030")
    for file in manifest["files"]:
        if file["name"] == "A01.csv":
            file["rows"] = len(rows)
            file["sha256"] = hashlib.sha256(members["A01.csv"]).hexdigest()
    if exported_at:
        manifest["exported_at"] = exported_at
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            archive.writestr(name, content)


def _person(code: str, number: str) -> dict[str, str]:
    return {
        "A0000": code, "A0101": f"种植{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[int(code[-2:]) % 14]}", "A0104": "1",
        "A0107": number[6:14], "A0117": "01", "A0134": "19950801", "A0141": "01", "A0163": "1",
        "A0165": "04", "A0184": number, "A0192A": "科员", "A0195": "001.004", "A0221": "1A50",
        "A0192E": "", "A0288": "20200101",
    }  # fmt: skip


def _add_enrolments(copy: Path, night: date) -> None:
    number = {one.code: one.number for one in PLANTED} | {"": ""}
    changed = f"{night.isoformat()}T18:00:00+08:00" if night == LAST else "2026-06-01T18:00:00+08:00"
    with closing(sqlite3.connect(copy)) as database, database:
        for class_id, (start, end) in CLASSES.items():
            if end > night.isoformat():
                continue
            _insert(database, "training_class", {
                "class_id": class_id, "class_name": f"理论专题班{class_id[-1]}", "class_type": "3",
                "training_kind": "4", "leave_status": "1", "institution_id": "JG001",
                "organizer_unit_code": "001.003", "theme_code": "ZT001", "is_main_class": 0,
                "start_date": start, "end_date": end, "planned_hours": 40, "planned_seats": 50,
                "status": "finished", "updated_at": f"{end}T18:00:00+08:00", "is_deleted": 0,
            })  # fmt: skip
        for one in PLANTED:
            classes = one.last if night == LAST and one.last is not None else one.first
            if not classes:
                continue
            of = one.student_of[night == LAST] if one.student_of else one.code
            _insert(database, "student", {
                "student_id": f"XY{one.code}", "name": f"学员{one.code[-3:]}",
                "id_number": number[of] or None, "updated_at": changed, "is_deleted": 0,
            })  # fmt: skip
            for class_id, hours in classes.items():
                _insert(database, "enrollment", {
                    "enrollment_id": f"BM{one.code}{class_id[-1]}", "class_id": class_id,
                    "student_id": f"XY{one.code}", "enrolled_on": CLASSES[class_id][0],
                    "result": one.result if night == LAST else "passed", "hours": hours,
                    "updated_at": changed, "is_deleted": 0,
                })  # fmt: skip


def _insert(database: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    database.execute(
        f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", list(row.values())
    )


def _write_late_exports(drop: Path) -> None:
    # The cadre system sends the first night once more the next morning, with one person more ...
    again = drop / "cadre/GBGL_20260628_r2.zip"
    shutil.copy(drop / "cadre/GBGL_20260628.zip", again)
    _add_people(again, FIRST, exported_at="2026-06-29T10:00:00+08:00", extra="ZZ1000099")
    # ... and the second night's a day late.
    _add_people(drop / "cadre/GBGL_20260629.zip", SECOND, exported_at="2026-06-30T21:00:00+08:00")
    # The academic system repeats the first night with a row that was corrected the next morning.
    corrected = drop / "academic/JWGL_20260628_r2.sqlite"
    shutil.copy(drop / "academic/JWGL_20260628.sqlite", corrected)
    with closing(sqlite3.connect(corrected)) as database, database:
        database.execute(
            "update enrollment set hours = 333, updated_at = '2026-06-29T09:30:00+08:00' "
            "where enrollment_id = 'BMZZ10000012'"
        )
    # The academy repeats a part of the first night: a completion is taken back.
    lines = gzip.decompress((drop / "academy/20260628/records-0001.ndjson.gz").read_bytes()).splitlines()
    record = next(json.loads(line) for line in lines if b'"completed_at":"2026-0' in line)
    record |= {"completed_at": None, "progress": 0.5, "updated_at": "2026-06-29T11:00:00+08:00"}
    again = drop / "academy/20260628/records-0001_r2.ndjson.gz"
    again.write_bytes(gzip.compress(json.dumps(record).encode() + b"\n", mtime=0))
    # A workbook of a former year that was saved during the second day.
    book = drop / WORKBOOK
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["docProps/core.xml"] = re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-06-29T02:00:00Z", members["docProps/core.xml"]
    )
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    # A phone that syncs in June what was learnt in March.
    stored = sorted((drop / "mobile/dt=2026-05-31").glob("*.gz"))[0]
    late = []
    for line in gzip.decompress(stored.read_bytes()).splitlines()[:40]:
        statement = json.loads(line)
        statement["id"] = hashlib.md5(line).hexdigest()
        statement["id"] = re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", statement["id"])
        statement |= {"timestamp": "2026-03-15T08:00:00+08:00", "stored": "2026-06-30T08:00:00+08:00"}
        late.append(json.dumps(statement, ensure_ascii=False).encode())
    target = drop / "mobile/dt=2026-06-30/statements-0701.ndjson.gz"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(gzip.compress(b"\n".join(late) + b"\n", mtime=0))


@dataclass(frozen=True)
class ThreeNights:
    """The city after its three nights: the whole drop, reports, and each night's kept version."""

    settings: Settings
    full: Path
    project: Path
    reports: dict[date, NightReport]
    versions: dict[date, Path]

    @contextmanager
    def rules(self) -> Iterator[None]:
        """Build by the city's own rules: those of the project, but for the target that is lowered."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "DBT_PROJECT", self.project)
            yield


def run_three_nights(folder: Path) -> ThreeNights:
    """Run the nights one after the other, each with what had arrived by then."""
    city = ThreeNights(Settings(data_dir=folder / "data"), folder / "full", folder / "dbt_project", {}, {})
    shutil.copytree(build.DBT_PROJECT, city.project, ignore=shutil.ignore_patterns("target", "logs"))
    lower_target(city.project / "seeds" / "policy_target.csv")
    write_city(city.full)
    with city.rules():
        for night in NIGHTS:
            arrive(city.full, folder / "drop", night)
            city.reports[night] = run_night(city.settings, str(folder / "drop"), night)
            published = find_published_run(city.settings.zones) or ""
            city.versions[night] = city.settings.zones.versions / published
    return city


def lower_target(seed: Path) -> None:
    """From the last night on 445 hours are enough for section level and below, instead of 450."""
    lines = seed.read_text(encoding="utf-8").splitlines()
    index = next(i for i, line in enumerate(lines) if line.startswith("section_below,rolling_5y,450,"))
    fields = lines[index].split(",")
    started, ended = list(fields), list(fields)
    ended[lines[0].split(",").index("valid_to")] = LAST.isoformat()
    started[lines[0].split(",").index("valid_from")] = LAST.isoformat()
    started[2] = "445"
    lines[index : index + 1] = [",".join(ended), ",".join(started)]
    seed.write_text("\n".join(lines) + "\n", encoding="utf-8")
