"""A city delivered three times, and its whole nights: intact, with every fault at once, and sent again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.faults import planted_faults as planted
from tests.faults.invariants import check_invariants
from tests.faults.nights import LAST, Deployment, Outcome, keep_secret_of, simulate_small_city


@dataclass(frozen=True)
class Night:
    """A night that was run: how it ended, what it published, and what did not hold after it (or nothing)."""

    outcome: Outcome
    version: Path
    raw: Path
    broken: str

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query on what this night published, with the restricted file attached as `r`."""
        with duckdb.connect(str(self.version / "warehouse.duckdb"), read_only=True) as connection:
            connection.execute("SET TimeZone = 'Asia/Shanghai'")
            connection.execute(f"ATTACH '{self.version / 'warehouse_restricted.duckdb'}' AS r (READ_ONLY)")
            return connection.execute(sql, list(parameters)).fetchall()

    def note_of(self, source_file: str) -> tuple[str, str]:
        """Status and reason of a delivered file, or of a member of it."""
        ((status, reason),) = set(
            self.query("SELECT status, reason FROM ops.ops_batch WHERE source_file = ?", source_file)
        )
        return status, reason


@dataclass(frozen=True)
class Nights:
    """The city as it was meant, the night of all faults, and the night after the systems had sent again."""

    intact: Night
    faulty: Night
    recovered: Night


def run_night(city: Deployment) -> Night:
    """Run the last night; what does not hold afterwards is kept for a test to say."""
    outcome = city.run(LAST)
    if outcome.exit_code not in (0, 3):
        raise RuntimeError(
            outcome.report["failure"] if outcome.stdout else "the night ended without a report"
        )
    try:
        check_invariants(city.settings)
    except (AssertionError, EOFError, OSError) as error:
        return Night(outcome, city.published, city.settings.zones.raw, f"{type(error).__name__}: {error}")
    return Night(outcome, city.published, city.settings.zones.raw, "")


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """A file that a slow system is still writing: a byte more every few milliseconds, never whole."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    is_over = threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as file:
            for place in range(len(whole) // 2, len(whole) - 1):
                file.write(whole[place : place + 1])
                if is_over.wait(0.05):
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        is_over.set()
        writer.join()


def run_three_nights(folder: Path) -> Nights:
    """Plant, run, send again, run: three whole nights as processes; what they published stays as it is."""
    intact = Deployment(folder / "intact", folder / "intact-data")
    planted.shape_intact(simulate_small_city(intact.drop))
    city = Deployment(folder / "drop", folder / "data")
    first = run_night(intact)
    keep_secret_of(intact, city)
    planted.deliver_first(intact.drop, city.drop)
    with growing(city.drop / planted.GROWING):
        faulty = run_night(city)
    planted.deliver_second(intact.drop, city.drop)
    return Nights(first, faulty, run_night(city))
