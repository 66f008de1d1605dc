"""A small city twice: as its systems should have exported it, and with rows that land in quarantine."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.nights import FIRST, LAST, simulate_small_city

COPIES = [f"academic/JWGL_{night:%Y%m%d}.sqlite" for night in (FIRST, LAST)]


@dataclass(frozen=True)
class Planted:
    """Both drops, and the keys of the rows that are wrong in one of them."""

    right: Path
    faulty: Path
    enrollment: str
    course: str
    evaluation: str
    record: str
    study_seconds: float
    corrected_later: str
    statement: str
    timestamp: str


def plant(folder: Path) -> Planted:
    """Write both drops below a folder; the faults of the academic system come with both nights."""
    right = simulate_small_city(folder / "right")
    with closing(sqlite3.connect(right / COPIES[0])) as copy:
        enrollment, course = _find_in_both(
            copy,
            right / COPIES[1],
            "select e.enrollment_id, l.course_id, e.updated_at from enrollment e join training_class c "
            "using (class_id) join lesson l using (class_id) join student s using (student_id) "
            "where e.result = 'passed' and c.leave_status = '1' and c.status = 'finished' "
            "and s.staff_no is not null order by 1, 2",
        )
        (evaluation,) = copy.execute("select min(evaluation_id) from evaluation").fetchone()
    with closing(sqlite3.connect(right / COPIES[1])) as copy, copy:
        # The same row in both nights, or it would be another row that somebody has to look at again.
        copy.execute("update evaluation set updated_at = updated_at where evaluation_id = ?", (evaluation,))
    for name in COPIES:
        _change(right / name, "update course set hours = null where course_id = ?", course)
    records = _files(right, "academy", "records", FIRST)
    record, corrected = _take_two(records)
    # What the academy corrects in the next night, after somebody has released a guess.
    again = corrected | {"updated_at": f"{LAST}T12:00:00+08:00"}
    _write(right / f"academy/{LAST:%Y%m%d}/records-0901.ndjson.gz", [json.dumps(again)])
    statements = _files(right, "mobile", "statements", FIRST)
    statement = json.loads(_lines(statements[-1])[0])
    faulty = folder / "faulty"
    shutil.copytree(right, faulty)
    for name in COPIES:
        _change(
            faulty / name, "update enrollment set result = 'excellent' where enrollment_id = ?", enrollment
        )
        _change(faulty / name, "update course set hours = -3 where course_id = ?", course)
        _change(faulty / name, "update evaluation set score = 9 where evaluation_id = ?", evaluation)
        _change(right / name, "delete from evaluation where evaluation_id = ?", evaluation)
    for path in records:
        here = faulty / path.relative_to(right)
        _replace(here, "record_id", record["record_id"], {"study_seconds": "an hour"})
        _replace(here, "record_id", corrected["record_id"], {"study_seconds": "an hour"})
    _replace(
        faulty / statements[-1].relative_to(right),
        "id",
        statement["id"],
        {"timestamp": "2026-06-31T08:00:00+08:00"},
    )
    return Planted(
        right, faulty, enrollment, course, evaluation, record["record_id"], record["study_seconds"],
        corrected["record_id"], statement["id"], statement["timestamp"],
    )  # fmt: skip


def _find_in_both(copy: sqlite3.Connection, other: Path, query: str) -> tuple[str, str]:
    with closing(sqlite3.connect(other)) as later:
        both = sorted(set(copy.execute(query).fetchall()) & set(later.execute(query).fetchall()))
    return both[0][:2]


def _change(path: Path, statement: str, key: str) -> None:
    with closing(sqlite3.connect(path)) as copy, copy:
        assert copy.execute(statement, (key,)).rowcount == 1


def _files(drop: Path, source: str, entity: str, night: Any) -> list[Path]:
    found = [
        path
        for path in sorted((drop / source).rglob(f"{entity}-*.gz"))
        if path.parent.name.removeprefix("dt=").replace("-", "") <= f"{night:%Y%m%d}"
    ]
    assert found
    return found


def _take_two(files: list[Path]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two completed records that no later file mentions."""
    newest: dict[str, tuple[int, dict[str, Any]]] = {}
    times: dict[str, int] = {}
    for path in files:
        for line in _lines(path):
            record = json.loads(line)
            times[record["record_id"]] = times.get(record["record_id"], 0) + 1
            newest[record["record_id"]] = (times[record["record_id"]], record)
    once = [record for number, record in newest.values() if number == 1 and record.get("completed_at")]
    return once[0], once[1]


def _lines(path: Path) -> list[str]:
    return [line for line in gzip.decompress(path.read_bytes()).decode().splitlines() if line.strip()]


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("".join(line + "\n" for line in lines).encode(), mtime=0))


def _replace(path: Path, key: str, value: str, changes: dict[str, Any]) -> None:
    lines = _lines(path)
    changed = [
        json.dumps(json.loads(line) | changes, ensure_ascii=False) if json.loads(line)[key] == value else line
        for line in lines
    ]
    if changed != lines:
        _write(path, changed)
