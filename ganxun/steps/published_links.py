"""The links that readers open: both lead through `published/current`, so that one rename swaps both files."""

from __future__ import annotations

from pathlib import Path

from connectors.zones import Zones, fsync_path


def find_published_run(zones: Zones) -> str | None:
    """Run id of the version that readers see; None before the first publication."""
    if not zones.warehouse.is_symlink():
        return None
    return zones.warehouse.resolve().parent.name


def point_links_at(zones: Zones, version: Path) -> None:
    """Let readers open both files of a version from one instant on; the caller holds the warehouse lock."""
    mend_links(zones)
    _swap(zones.current, version)
    _lead_through_current(zones)


def mend_links(zones: Zones) -> None:
    """Lead both files through `current`, where an earlier layout or a crash at the first night left another.

    What readers see does not change, but for a restricted file of another run than the warehouse: it follows.
    """
    run_id = find_published_run(zones)
    if run_id is not None:
        if not zones.current.is_symlink():
            _swap(zones.current, zones.versions / run_id)
        _lead_through_current(zones)


def _lead_through_current(zones: Zones) -> None:
    # The warehouse last: it tells that something is published at all.
    for link in (zones.restricted, zones.warehouse):
        target = zones.current / link.name
        if not link.is_symlink() or link.readlink() != target.relative_to(link.parent):
            import structlog  # whoever only asks what is published does not wait for it

            structlog.get_logger().info("linked", file=link.name)
            _swap(link, target)


def _swap(link: Path, target: Path) -> None:
    """Point a symlink at a new file in one rename; the link is relative, so the data directory can move."""
    following = link.with_name(link.name + ".next")
    following.unlink(missing_ok=True)
    following.symlink_to(target.relative_to(link.parent))
    following.replace(link)
    fsync_path(link.parent)
