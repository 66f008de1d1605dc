"""What is dear to make and only looked at: made once for all workers of a run, by whoever comes first."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """What `make(folder)` gives; another worker's, where it was there first. It must be picklable.

    Nobody may change what lies in the folder: every worker reads the same.
    """
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has a folder of its own below the run's
    folder = base / "made-once" / name
    folder.mkdir(parents=True, exist_ok=True)
    result = folder.with_suffix(".pickle")
    with folder.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not result.exists():
            made = make(folder)
            # A failure is not kept: the next worker that needs it meets it too, and tells it.
            result.write_bytes(pickle.dumps(made))
        found: Made = pickle.loads(result.read_bytes())
    return found
