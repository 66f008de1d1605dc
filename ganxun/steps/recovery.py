"""After a crash: what killed runs left behind is put away before the next one begins."""

from __future__ import annotations

import shutil

import structlog

from connectors.ledger import Ledger
from connectors.zones import Zones
from ganxun.settings import Settings
from ganxun.steps.published_links import find_published_run, mend_links
from ganxun.steps.retention import prune_versions

log = structlog.get_logger()


def recover(settings: Settings, ledger: Ledger) -> None:
    """Put away leftovers of runs that were killed; the caller holds the warehouse lock.

    Only one run at a time builds or publishes, so whoever holds the lock knows that all these are dead:
    working warehouses (with names in them), half-written versions, and runs that the ledger calls running.
    A run that was killed after its swap is what readers see: it is published, and recorded so.
    """
    zones = settings.zones
    mend_links(zones)
    published = find_published_run(zones)
    for leftover in zones.build.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
    for stale in (*zones.build.glob("*.wal"), *zones.published.glob("*.wal")):
        stale.unlink()  # of somebody who opened a link for writing; nothing of ours has one there
    for unfinished in zones.keys.glob("cadre_key.*"):
        unfinished.unlink()
    prune_versions(zones, published, settings.keep_versions)
    _remove_half_written(zones)
    for row in ledger.query("SELECT run_id FROM run WHERE status = 'running'"):
        status = "published" if row["run_id"] == published else "failed"
        ledger.finish_run(row["run_id"], status)
        log.warning("a killed run was put away", run_id=row["run_id"], status=status)


def _remove_half_written(zones: Zones) -> None:
    """Files of old dates for comparison that were never finished."""
    for folder in zones.as_of.iterdir() if zones.as_of.exists() else ():
        if not (folder / zones.warehouse.name).exists():
            shutil.rmtree(folder)
