"""How fast one online-academy export becomes typed raw Parquet, beside a loop over lines.

    .venv/bin/python benchmarks/land.py [--cadres 5000]

Both read the same gzipped NDJSON of study records, check the gzip, parse and type every field and write
zstd Parquet. The connector also checks required fields, codes and ranges and looks for superseded rows; the
loop (`gzip`, `json.loads`, `fromisoformat`, one dictionary a row, `pyarrow`) does not. Row counts are
compared: unequal ones end the benchmark. The figure is the ratio of the two in one run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.contract import load_contract
from connectors.delivery import DropFile
from connectors.landing import land_file
from connectors.registry import reader_of
from connectors.staging import Stage
from connectors.zones import Zones
from simulator import SimulationPlan, simulate

INSTANTS = ("started_at", "last_at", "completed_at", "updated_at")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cadres", type=int, default=5000)
    plan = SimulationPlan(parser.parse_args().cadres, date(2021, 1, 1), date(2026, 6, 30), dirty=False)
    with tempfile.TemporaryDirectory() as folder:
        drop = Path(folder) / "drop"
        simulate(plan, drop)
        path = f"academy/{plan.business_dates[0]:%Y%m%d}/records-0001.ndjson.gz"
        connector_rows, connector_seconds = _read_by_connector(drop, path, Path(folder) / "zones")
        loop_rows, loop_seconds = _read_by_loop(drop / path, Path(folder) / "loop.parquet")
    assert connector_rows == loop_rows, (connector_rows, loop_rows)
    print(f"{connector_rows:,} study records")
    print(f"connector  {connector_rows / connector_seconds:10,.0f} rows/s")
    print(f"loop       {loop_rows / loop_seconds:10,.0f} rows/s")
    print(f"the connector is {loop_seconds / connector_seconds:.1f} times as fast")


def _read_by_connector(drop: Path, path: str, root: Path) -> tuple[int, float]:
    zones = Zones(root)
    zones.create()
    name = load_contract("academy").interpret(path)
    assert name is not None and name.business_date is not None
    stage = Stage(zones)
    began = time.perf_counter()
    landed = land_file(zones, DropFile("academy", path, str(drop / path), name.business_date, 1, name))
    batches = reader_of("academy").read(stage, landed)
    spent = time.perf_counter() - began
    stage.close()
    return sum(batch.rows_read for batch in batches), spent


def _read_by_loop(file: Path, target: Path) -> tuple[int, float]:
    began = time.perf_counter()
    rows: list[dict[str, Any]] = []
    with gzip.open(file, "rt", encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            for field in INSTANTS:
                if row.get(field):
                    row[field] = datetime.fromisoformat(row[field])
            row["_source_row"] = number
            rows.append(row)
    pq.write_table(pa.Table.from_pylist(rows), target, compression="zstd")
    return len(rows), time.perf_counter() - began


if __name__ == "__main__":
    main()
