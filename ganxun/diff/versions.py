"""The two warehouses that are compared: kept from their night, or built aside without publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from connectors.ledger import Ledger
from ganxun.settings import Settings

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Version:
    """A warehouse of a business date; `is_aside`: built to compare with, not what its night published."""

    run_id: str
    business_date: date
    file: Path
    is_aside: bool


def find_version(settings: Settings, day: date) -> Version | None:
    """The newest kept version of a date: what its night published, else one built aside that still holds.

    One built aside holds as long as building again would give the same: same batches, rules and models.
    """
    zones = settings.zones
    published = _find_newest(zones.versions, zones.warehouse.name, day)
    if published is not None:
        return Version(published.parent.name, day, published, is_aside=False)
    aside = _find_newest(zones.as_of, zones.warehouse.name, day)
    if aside is None:
        return None
    return (
        Version(aside.parent.name, day, aside, is_aside=True) if _still_holds(settings, aside, day) else None
    )


def provide_version(settings: Settings, day: date, progress: Progress | None = None) -> Version:
    """The kept version of a date, or one built aside now; nothing that readers see changes.

    Raises `BuildFailed` or `WarehouseBusy` where it has to be built and cannot be.
    """
    from ganxun.steps.build import build
    from ganxun.steps.publish import write_aside

    found = find_version(settings, day)
    if found is not None:
        return found
    run = build(settings, day, progress=progress)
    return Version(run.run_id, day, write_aside(settings, run), is_aside=True)


@contextmanager
def open_both(settings: Settings, before: Version, after: Version) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with both files attached read-only as `before` and `after`."""
    with duckdb.connect(
        config={"threads": settings.threads, "memory_limit": settings.memory_limit}
    ) as connection:
        connection.execute(f"set timezone = '{settings.timezone}'")
        for name, version in (("before", before), ("after", after)):
            connection.execute(f"attach '{version.file}' as {name} (read_only)")
        connection.execute("set enable_external_access = false")
        yield connection


def _find_newest(folder: Path, name: str, day: date) -> Path | None:
    """A run id begins with the business date, then the instant of its start: the last name is the newest."""
    complete = [path for path in folder.glob(f"{day:%Y%m%d}-*/{name}") if path.is_file()]
    return max(complete, key=lambda path: path.parent.name, default=None)


def _still_holds(settings: Settings, file: Path, day: date) -> bool:
    from ganxun.steps.build import find_input_digest

    with duckdb.connect(str(file), read_only=True) as connection:
        built_from = connection.execute(
            "select input_digest from ops.ops_run where run_id = ?", [file.parent.name]
        ).fetchone()
    with Ledger(settings.zones) as ledger:
        return built_from == (find_input_digest(ledger, day),)
