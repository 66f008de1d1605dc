"""How fast the simulator writes, beside writers that make one row at a time with the standard library.

    .venv/bin/python benchmarks/simulate.py [--cadres 5000]

Prints rows and bytes a second for a whole city, and then, for the academy's records, sessions and ratings
alone, the same rows written as columns (`StudyExport`, from numbers to text) and as a loop of json.dumps.
`dumps` is favoured: its values are given as finished text. `sessions, row by row` makes its values from
the same numbers as the columns do. Items are compared: unequal ones end the benchmark.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from simulator import City, SimulationPlan, build_city, simulate
from simulator.ndjson import CHUNK_ROWS, write_gzip
from simulator.study_export import StudyExport
from simulator.text_columns import LOCAL_OFFSET_SECONDS

NIGHT = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cadres", type=int, default=5000)
    plan = SimulationPlan(parser.parse_args().cadres, date(2021, 1, 1), date(2026, 6, 30))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        report = simulate(plan, Path(folder) / "drop")
        spent = time.perf_counter() - began
        rows = sum(count for entity, count in report.rows.items() if not entity.startswith("truth."))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{plan.cadres:,} cadres, {len(plan.years)} calendar years, {plan.nights} nights")
        print(
            f"whole city   {spent:8.1f} s  {rows:12,} rows  {rows / spent:12,.0f} rows/s  "
            f"{report.bytes / 1e6:8.1f} MB  peak {memory:.2f} GB"
        )
        _compare(build_city(plan), Path(folder))


def _compare(city: City, folder: Path) -> None:
    export = StudyExport(city.plan, city.study)
    for name, rows, lines in export.resources(NIGHT):
        chunks = [(first, min(first + CHUNK_ROWS, rows)) for first in range(0, rows, CHUNK_ROWS)]
        quick, texts = _timed(lambda lines=lines, chunks=chunks: [lines(*chunk) for chunk in chunks])
        items = [json.loads(line) for text in texts for line in text.splitlines()]
        slow, dumped = _timed(lambda items=items: [_dump(item) for item in items])
        assert [json.loads(line) for line in dumped] == items, "the two writers disagree"
        packing, _ = _timed(lambda texts=texts, name=name: write_gzip(folder / f"{name}.gz", texts))
        print(
            f"{name:9} {rows:10,} rows  columns {rows / quick:9,.0f} rows/s  dumps {rows / slow:9,.0f}/s: "
            f"{slow / quick:.1f} times slower; with gzip {(slow + packing) / (quick + packing):.1f} times"
        )
        if name == "sessions":
            made, written = _timed(lambda items=items: _write_sessions(city, len(items)))
            assert {json.loads(line)["session_id"] for line in written} == {i["session_id"] for i in items}
            print(f"sessions, row by row: {rows / made:,.0f} rows/s: {made / quick:.1f} times slower")


def _write_sessions(city: City, count: int) -> list[bytes]:
    """Sessions from the simulated numbers, one row at a time."""
    study, lines = city.study, []
    local = timezone(timedelta(hours=8))
    limit = int(city.plan.cutoffs[NIGHT])
    for row in range(len(study.ses_record)):
        start, seconds = int(study.ses_start[row]), int(study.ses_seconds[row])
        if start + seconds + 5 > limit:
            continue
        record = int(study.ses_record[row])
        device = f"{int(study.user[record])}/{int(study.client[record])}"
        begun = datetime.fromtimestamp(start - LOCAL_OFFSET_SECONDS, local)
        ended = begun + timedelta(seconds=seconds)
        item: dict[str, object] = {
            "session_id": f"WS{row + 1:08d}",
            "record_id": f"WR{record + 1:08d}",
            "started_at": begun.isoformat(),
            "ended_at": ended.isoformat(),
            "seconds": seconds,
            "interactions": 1 + seconds // 380 + row % 5,
            "device_hash": hashlib.sha256(device.encode()).hexdigest()[:12],
            "updated_at": (ended + timedelta(seconds=5)).isoformat(),
        }
        lines.append(_dump(item))
    assert len(lines) == count
    return lines


def _dump(item: dict[str, object]) -> bytes:
    """What a simple script does for each row once it has the finished values."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


if __name__ == "__main__":
    main()
