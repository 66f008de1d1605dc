"""Landing: the delivered bytes, unchanged, under the name of their content."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from connectors.delivery import DropFile, LandedFile
from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE, Zones, fsync_path

_CHUNK = 1 << 20


def publish_file(temporary: Path, final: Path) -> None:
    """Give a completely written file its final name: owner-only, flushed, then renamed, folder flushed."""
    temporary.chmod(OWNER_ONLY_FILE)
    fsync_path(temporary)
    temporary.replace(final)
    fsync_path(final.parent)


def landed_path(zones: Zones, source: str, sha256: str) -> Path:
    """Where the bytes of a content lie in the landing zone."""
    return zones.landing / source / sha256[:2] / sha256


def land_file(zones: Zones, drop: DropFile) -> LandedFile:
    """Copy a file of the drop to `landing/<source>/<aa>/<sha256>`, byte for byte, hashing while it streams.

    A copy that is there already is kept. A crash leaves at most a `.part-…` file, which is never read and
    which the next writer removes (connectors/writers.py). Raises OSError if the drop cannot be read.
    """
    import fsspec  # most who ask where a content lies never open a drop

    folder = zones.landing / drop.source
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIR)
    temporary = folder / f".part-{os.getpid()}"
    digest, size = hashlib.sha256(), 0
    try:
        with fsspec.open(drop.url, "rb") as delivered, temporary.open("wb") as copy:
            while chunk := delivered.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
                size += len(chunk)
        sha256 = digest.hexdigest()
        final = landed_path(zones, drop.source, sha256)
        if final.exists() and final.stat().st_size == size:
            return LandedFile(drop, sha256, size, final)
        final.parent.mkdir(exist_ok=True, mode=OWNER_ONLY_DIR)
        publish_file(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    return LandedFile(drop, sha256, size, final)
