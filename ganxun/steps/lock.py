"""One writer at a time: whoever builds, checks or publishes holds this lock of the data directory."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.zones import OWNER_ONLY_FILE
from ganxun.settings import Settings
from ganxun.steps.failures import StepFailed


class WarehouseBusy(StepFailed):
    """Another run is building or publishing in the same data directory."""

    code = "busy"


@contextmanager
def warehouse_lock(settings: Settings) -> Iterator[None]:
    """Hold the data directory's warehouse lock; the system frees it even after kill -9.

    Raises `WarehouseBusy` at once when another process holds it.
    """
    settings.zones.build.mkdir(parents=True, exist_ok=True)
    path = settings.zones.build / ".lock"
    with path.open("w") as file:
        path.chmod(OWNER_ONLY_FILE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarehouseBusy(f"another run is building or publishing in {settings.data_dir}") from error
        yield
