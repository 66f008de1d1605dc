"""A real file system of a few megabytes below a data folder: full when it is full, read-only when it is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this machine does not let its tests mount a file system: {done.stderr.strip()}")


@contextmanager
def small_disk(folder: Path, free_bytes: int) -> Iterator[None]:
    """Put a folder, with what it holds, on a disk of its own with about so many bytes to spare."""
    aside = folder.with_name(folder.name + ".aside")
    folder.rename(aside)
    folder.mkdir()
    used = sum(_size_on_disk(path) for path in aside.rglob("*"))
    _mount("-t", "tmpfs", "-o", f"size={used + free_bytes},mode=0700", "tmpfs", str(folder))
    try:
        shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        yield
    finally:
        # What was written there stays: somebody has found a larger disk.
        shutil.rmtree(aside)
        shutil.copytree(folder, aside, symlinks=True)
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
        aside.rename(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Mount a folder read-only over itself: even root cannot write there."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _size_on_disk(path: Path) -> int:
    page = 4096
    return 0 if path.is_symlink() else -(-path.stat().st_size // page) * page
