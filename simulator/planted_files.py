"""Faulty and repeated files beside the academy's and the mobile app's good ones, on the last night."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from simulator.academic_export import repeat_under_another_name
from simulator.ndjson import write_gzip
from simulator.plan import SimulationPlan, SimulationReport

_SENT_AGAIN = 400  # sessions
_ACADEMY_IRI = "https://academy.example/course/"


def plant_files(plan: SimulationPlan, drop: Path, report: SimulationReport) -> None:
    """Files of faulty items (-0801), a cut one (-0701), files sent again (-0901), and a byte-order mark."""
    day = plan.end.isoformat()
    folder = f"academy/{plan.end:%Y%m%d}"
    first = f"academy/{plan.business_dates[0]:%Y%m%d}"
    _plant_records(day, drop, f"{folder}/records-0801.ndjson.gz", report)
    _plant_sessions(day, drop, f"{folder}/sessions-0801.ndjson.gz", report)
    _plant_statements(day, drop, f"mobile/dt={day}/statements-0801.ndjson.gz", report)

    _plant_cut(drop, f"{first}/sessions-0001.ndjson.gz", f"{folder}/sessions-0701", report)
    for original, copy in (
        (f"{first}/enrollments-0001.ndjson.gz", f"{folder}/enrollments-0901.ndjson.gz"),
        (_newest_statements(drop, day), f"mobile/dt={day}/statements-0901.ndjson.gz"),
    ):
        repeat_under_another_name(drop / original, drop / copy)
        report.plant(copy, "same file under another name", 1)
    for resource in ("ratings", "sessions", "records", "users"):
        marked = f"{folder}/{resource}-0001.ndjson.gz"
        if (drop / marked).exists():
            write_gzip(drop / marked, [b"\xef\xbb\xbf", gzip.decompress((drop / marked).read_bytes())])
            report.plant(marked, "BOM", 1)
            break


def _plant_cut(drop: Path, original: str, stem: str, report: SimulationReport) -> None:
    """A file cut in transfer and, as `_r2`, the whole one that was sent after it: some sessions once more.

    Without the second the source would have a hole for ever, and no night of the city could end well.
    """
    lines = gzip.decompress((drop / original).read_bytes()).splitlines(keepends=True)[-_SENT_AGAIN:]
    whole = drop / f"{stem}_r2.ndjson.gz"
    write_gzip(whole, lines)
    content = whole.read_bytes()
    (drop / f"{stem}.ndjson.gz").write_bytes(content[: len(content) * 3 // 5])
    report.plant(f"{stem}.ndjson.gz", "cut gzip", 1)
    report.plant(f"{stem}_r2.ndjson.gz", "night exported again with corrections", 1)


def _newest_statements(drop: Path, day: str) -> str:
    """The statements of the night before, or what there is."""
    names = sorted(p.parent.name for p in (drop / "mobile").glob("dt=*/statements-0001.ndjson.gz"))
    earlier = [name for name in names if name < f"dt={day}"]
    return f"mobile/{(earlier or names)[-1]}/statements-0001.ndjson.gz"


def _plant_records(day: str, drop: Path, name: str, report: SimulationReport) -> None:
    record = {
        "user_id": "U200003",
        "course_id": "WK0001",
        "started_at": f"{day}T09:10:00+08:00",
        "last_at": f"{day}T10:00:00+08:00",
        "completed_at": f"{day}T10:00:00+08:00",
        "study_seconds": 3000,
        "progress": 1.0,
        "score": 88.0,
        "passed": True,
        "client": "pc",
        "updated_at": f"{day}T10:00:05+08:00",
    }
    faults: list[tuple[str, str, dict[str, object]]] = [
        ("orphan key", "course_id", {"course_id": "WK9999"}),
        ("orphan key", "user_id", {"user_id": "U999999"}),
        ("impossible date", "completed_at", {"completed_at": "2023-02-30T10:00:00+08:00"}),
        ("negative or absurd hours", "study_seconds", {"study_seconds": -60}),
        ("end before start", "last_at", {"last_at": f"{day}T08:00:00+08:00", "completed_at": None}),
        ("score out of range", "score", {"score": 188.0}),
        ("unknown code", "client", {"client": "fax"}),
        ("column added", "terminal", {"terminal": "hall-7"}),
    ]
    lines = []
    for number, (kind, detail, change) in enumerate(faults, start=1):
        lines.append(_line({"record_id": f"WR8{number:07d}", **record, **change}))
        report.plant(name, kind, 1, detail)
    renamed = {"record_id": "WR80000100", **record}
    renamed["uid"] = renamed.pop("user_id")
    lines.append(_line(renamed))
    report.plant(name, "column renamed", 1, "user_id is uid")
    lines.append(b'{"record_id":"WR80000101","user_id":"U2000\n')
    report.plant(name, "row that does not parse", 1)
    write_gzip(drop / name, lines)


def _plant_sessions(day: str, drop: Path, name: str, report: SimulationReport) -> None:
    session = {
        "record_id": "WR00000001",
        "started_at": f"{day}T10:00:00+08:00",
        "ended_at": f"{day}T10:01:00+08:00",
        "seconds": 60,
        "interactions": 1,
        "device_hash": "0",
        "updated_at": f"{day}T10:01:10+08:00",
    }
    backwards = {"ended_at": f"{day}T09:00:00+08:00"}
    write_gzip(
        drop / name,
        [
            _line({"session_id": "WS80000001", **session, "record_id": "WR99999999"}),
            _line({"session_id": "WS80000002", **session, **backwards}),
        ],
    )
    report.plant(name, "orphan key", 1, "record_id")
    report.plant(name, "end before start", 1, "ended_at")


def _plant_statements(day: str, drop: Path, name: str, report: SimulationReport) -> None:
    faults: list[tuple[str, str, str, str, str]] = [
        (
            "impossible date",
            "57582ea5-cc64-4976-85be-985cb552c705",
            "U200003",
            "https://mobile.example/micro/M0001",
            "2023-02-30T10:00:00+08:00",
        ),
        (
            "orphan key",
            "69dc2677-5ec4-4b5e-8e95-8555f1274958",
            "U999999",
            "https://mobile.example/micro/M0001",
            f"{day}T08:19:00+08:00",
        ),
        (
            "orphan key",
            "3b033049-d132-457b-916c-00735e9c2425",
            "U200003",
            f"{_ACADEMY_IRI}WK9999",
            f"{day}T08:19:00+08:00",
        ),
        (
            "late statement",
            "5f0e3c4b-41f3-4f0e-9d0a-0c9c0f6f9b11",
            "U200004",
            "https://mobile.example/micro/M0002",
            "2025-03-05T08:19:00+08:00",
        ),
    ]
    lines = []
    for kind, key, user, target, happened in faults:
        statement = {
            "id": key,
            "actor": {
                "objectType": "Agent",
                "account": {"homePage": "https://academy.example", "name": user},
            },
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"objectType": "Activity", "id": target},
            "timestamp": happened,
            "stored": f"{day}T08:20:00+08:00",
        }
        lines.append(_line(statement))
        report.plant(name, kind, 1)
    (drop / name).parent.mkdir(parents=True, exist_ok=True)
    write_gzip(drop / name, lines)


def _line(item: Mapping[str, object]) -> bytes:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
