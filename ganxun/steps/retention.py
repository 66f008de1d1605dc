"""What is kept and for how long: published versions by number, landed bytes by age."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import structlog

from connectors.ledger import Ledger
from connectors.zones import Zones

log = structlog.get_logger()


def prune_versions(zones: Zones, published: str | None, keep: int) -> None:
    """Remove all but the newest versions (by file time; never the published one) and crashed leftovers."""
    complete = []
    for version in zones.versions.iterdir():
        if not version.is_dir():
            continue  # somebody else's; not a version
        if all((version / link.name).exists() for link in (zones.warehouse, zones.restricted)):
            complete.append(version)
        else:
            shutil.rmtree(version)
    complete.sort(key=lambda version: (version / zones.warehouse.name).stat().st_mtime)
    for version in complete[:-keep]:
        if version.name != published:
            shutil.rmtree(version)


def prune_landing(zones: Zones, ledger: Ledger, keep_days: int | None) -> int:
    """Remove the delivered bytes of settled files that landed longer ago; returns how many.

    Their rows stay: warehouses are built from raw Parquet, and a file that comes again is known by its hash.
    Bytes of rejected files stay too, until the file has been put right. `keep_days` None: all are kept.
    """
    if keep_days is None:
        return 0
    before = (datetime.now(UTC) - timedelta(days=keep_days)).isoformat()
    removed = 0
    for row in ledger.query(
        "SELECT source, sha256 FROM file GROUP BY source, sha256 "
        "HAVING max(landed_at) < ? AND sum(status NOT IN ('loaded', 'duplicate')) = 0",
        (before,),
    ):
        path = zones.landing / row["source"] / row["sha256"][:2] / row["sha256"]
        if path.exists():
            path.unlink()
            removed += 1
    if removed:
        log.info("landing pruned", files=removed, keep_days=keep_days)
    return removed
