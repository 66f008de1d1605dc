"""A small published warehouse for the dashboard's tests (sample_warehouse.sql), laid out as if published."""

from __future__ import annotations

from pathlib import Path

import duckdb

SCRIPT = Path(__file__).with_name("sample_warehouse.sql")


def write_sample_warehouse(data_dir: Path, version: str = "one") -> Path:
    """Publish an invented warehouse below `data_dir`: a versioned file and the symlink to it."""
    target = data_dir / "published" / "versions" / f"warehouse-{version}.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(target)) as connection:
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
    publish(data_dir, target)
    return target


def publish(data_dir: Path, target: Path) -> None:
    """Point the published symlink at this version, by rename."""
    link = data_dir / "published" / "warehouse.duckdb"
    new = link.with_suffix(".new")
    new.symlink_to(target.relative_to(link.parent))
    new.rename(link)
