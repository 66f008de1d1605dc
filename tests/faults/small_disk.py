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
def full_disk(folder: Path, free_bytes: int = 0) -> Iterator[None]:
    """Put a folder, with what it holds, on a disk of its own that has only so many bytes left."""
    aside = folder.with_name(folder.name + ".aside")
    filler = folder / ".filler"
    folder.rename(aside)
    folder.mkdir()
    used = sum(path.stat().st_size + 4096 for path in aside.rglob("*") if not path.is_symlink())
    _mount("-t", "tmpfs", "-o", f"size={used + free_bytes + (1 << 20)},mode=0700", "tmpfs", str(folder))
    try:
        shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        _fill(filler, shutil.disk_usage(folder).free - free_bytes)
        yield
    finally:
        # What was written there stays: somebody has found a larger disk.
        filler.unlink(missing_ok=True)
        shutil.rmtree(aside)
        shutil.copytree(folder, aside, symlinks=True)
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
        aside.rename(folder)


def _fill(filler: Path, size: int) -> None:
    with filler.open("wb") as file:
        file.write(bytes(size))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Mount a folder read-only over itself: even root cannot write there."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
