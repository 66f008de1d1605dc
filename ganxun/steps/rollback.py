"""Roll back: readers open an earlier published version again, by the same rename as publishing.

Nothing is deleted and nothing is built. The next night publishes what it builds, as always: whoever rolls
back because an export was wrong has that export corrected or discarded first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import structlog

from connectors.zones import Zones
from ganxun.settings import Settings
from ganxun.steps.lock import warehouse_lock
from ganxun.steps.published_links import find_published_run, point_links_at

log = structlog.get_logger()


class RollbackRefused(RuntimeError):
    """There is no such version, or it cannot be read; what was published stays."""


@dataclass(frozen=True)
class Version:
    """A published version that is still kept."""

    run_id: str
    business_date: date
    tables: int
    bytes: int
    is_published: bool


def list_versions(settings: Settings) -> list[Version]:
    """Kept versions that open and are whole, the newest night first."""
    return sorted(_read_versions(settings.zones), key=lambda version: version.run_id, reverse=True)


def roll_back(settings: Settings, run_id: str | None = None) -> Version:
    """Publish a kept version again: the named one, or the one before the published one.

    Raises `RollbackRefused`, or `WarehouseBusy` while a run is building or publishing.
    """
    zones = settings.zones
    with warehouse_lock(settings):
        versions = list_versions(settings)
        published = find_published_run(zones)
        if run_id is None:
            older = [version for version in versions if published and version.run_id < published]
            if not older:
                raise RollbackRefused("no version before the published one is kept")
            target = older[0]
        else:
            named = [version for version in versions if version.run_id == run_id]
            if not named:
                raise RollbackRefused(f"no whole version {run_id} is kept; `ganxun rollback --list` has them")
            target = named[0]
        point_links_at(zones, zones.versions / target.run_id)
    log.warning("rolled back", run_id=target.run_id, before=published)
    return Version(target.run_id, target.business_date, target.tables, target.bytes, is_published=True)


def _read_versions(zones: Zones) -> Iterator[Version]:
    published = find_published_run(zones)
    for folder in zones.versions.iterdir() if zones.versions.exists() else ():
        files = [folder / zones.warehouse.name, folder / zones.restricted.name]
        read = _read_version(files)
        if read is not None:
            business_date, tables = read
            size = sum(file.stat().st_size for file in files)
            yield Version(folder.name, business_date, tables, size, folder.name == published)


def _read_version(files: list[Path]) -> tuple[date, int] | None:
    """Business date and number of tables; None where a file is missing, cut or has a log beside it."""
    if any(not file.exists() or Path(f"{file}.wal").exists() for file in files):
        return None
    tables = 0
    try:
        for file in files:
            with duckdb.connect(str(file), read_only=True) as connection:
                for schema, table in connection.execute(
                    "select schema_name, table_name from duckdb_tables()"
                ).fetchall():
                    connection.execute(f'select * from {schema}."{table}" limit 1')
                    tables += 1
        with duckdb.connect(str(files[0]), read_only=True) as connection:
            found = connection.execute(
                "select business_date from ops.ops_run where run_id = ?", [files[0].parent.name]
            ).fetchone()
    except duckdb.Error:
        return None
    return (found[0], tables) if found else None
