"""Who writes below landing and raw: what killed writers left is told from what is being written."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.zones import OWNER_ONLY_FILE, Zones

# Names of what is not finished: temporary files and folders of landing and staging.
UNFINISHED = (".part-", ".spill-")


@contextmanager
def writing(zones: Zones) -> Iterator[None]:
    """Hold this while files below landing and raw are written; many may hold it at once.

    Whoever comes when nobody else writes removes first what killed writers left: half-written files, which
    hold names. The system lets go of a killed writer's hold, even after kill -9.
    """
    zones.root.mkdir(parents=True, exist_ok=True)
    path = zones.root / ".writing.lock"
    with path.open("w") as hold:
        path.chmod(OWNER_ONLY_FILE)
        try:
            fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # others write: nothing can be told from what they have in hand
        else:
            _remove_unfinished(zones)
        fcntl.flock(hold, fcntl.LOCK_SH)
        yield


def _remove_unfinished(zones: Zones) -> None:
    for zone in (zones.landing, zones.raw):
        for path in sorted(zone.rglob(".*")) if zone.exists() else ():
            if path.name.startswith(UNFINISHED):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
