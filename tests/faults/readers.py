"""Readers of the published warehouse, many in one process, until a file says stop.

    python -m tests.faults.readers PUBLISHED READERS STOP

Each reader again and again opens the warehouse as any client does and asks three questions on that one
connection. Prints JSON: for each visit when it began and ended (seconds of the machine's monotonic clock) and
what was seen, or the error.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import duckdb

QUESTIONS = (
    "select max(run_id) from ops.ops_run where status = 'published'",
    "select sum(hash(rows)::hugeint)::varchar from marts.fct_training as rows",
    "select sum(hash(rows)::hugeint)::varchar from marts.mart_unit_coverage as rows",
)


def ask(warehouse: Path) -> list[str]:
    """The answers of one visit; all of one version, whatever is published meanwhile."""
    with duckdb.connect(str(warehouse), read_only=True, config={"threads": 1}) as connection:
        return [str(connection.execute(question).fetchone()) for question in QUESTIONS]


def read(warehouse: Path, stop: Path, visits: list[tuple[float, float, list[str]]]) -> None:
    """Visit after visit until the stop file is there."""
    while not stop.exists():
        begun = time.monotonic()
        try:
            seen = ask(warehouse)
        except Exception as error:
            seen = ["error", type(error).__name__, str(error)]
        visits.append((begun, time.monotonic(), seen))


def main() -> None:
    """Start the readers, wait for them, print what they saw."""
    published, readers, stop = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    visits: list[tuple[float, float, list[str]]] = []
    threads = [
        threading.Thread(target=read, args=(published / "warehouse.duckdb", stop, visits))
        for _ in range(readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(visits))


if __name__ == "__main__":
    main()
