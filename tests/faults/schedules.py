"""Deliveries in any order, again, renamed, packed anew, with kills in between: made from a random source.

A schedule ends with everything delivered. Whatever came before, the warehouse must then be the same.
"""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.faults.kill_points import BUILD, LANDING, KillPoint
from tests.faults.nights import FIRST, LAST

# Of these a file counts by its content, whatever it is called.
DELTAS = ("academy/", "mobile/")


@dataclass(frozen=True)
class Delivery:
    """A file of the whole drop, and how it arrives: under which name, and as it is or packed anew."""

    file: str
    name: str
    is_repacked: bool = False

    def arrive(self, whole: Path, drop: Path) -> None:
        """Put the file into the drop."""
        target = drop / self.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if self.is_repacked:
            content = gzip.decompress((whole / self.file).read_bytes())
            target.write_bytes(gzip.compress(content, compresslevel=1, mtime=1))
        else:
            shutil.copyfile(whole / self.file, target)


@dataclass(frozen=True)
class Arrival:
    """Some deliveries at once, the night that is then run, and where that run is killed (None: nowhere)."""

    deliveries: tuple[Delivery, ...]
    night: date
    kill: KillPoint | None

    def __str__(self) -> str:
        """For a person who looks for what went wrong."""
        names = ", ".join(delivery.name for delivery in self.deliveries)
        return f"{self.night} after [{names}], killed: {self.kill or 'not'}"


def list_files(drop: Path) -> list[str]:
    """Files of a drop, as paths in it."""
    return sorted(path.relative_to(drop).as_posix() for path in drop.rglob("*") if path.is_file())


def make_schedule(
    chance: random.Random, files: list[str], *, repack: bool, kills: tuple[KillPoint, ...] = LANDING + BUILD
) -> list[Arrival]:
    """One to four arrivals that together bring every file at least once under its own name."""
    order = files.copy()
    chance.shuffle(order)
    deliveries = [Delivery(file, file) for file in order]
    for delivery in _again(chance, files, repack):
        deliveries.insert(chance.randrange(len(deliveries) + 1), delivery)
    cuts = sorted(chance.randrange(len(deliveries) + 1) for _ in range(chance.randrange(4)))
    parts = zip([0, *cuts], [*cuts, len(deliveries)], strict=True)
    return [
        Arrival(
            tuple(deliveries[start:end]),
            chance.choice((FIRST, LAST)),
            chance.choice(kills) if chance.random() < 0.6 else None,
        )
        for start, end in parts
    ]


def _again(chance: random.Random, files: list[str], repack: bool) -> Iterator[Delivery]:
    """Up to five files a second time."""
    for _ in range(chance.randrange(6)):
        file = chance.choice(files)
        if not file.startswith(DELTAS):
            yield Delivery(file, file)
            continue
        renamed = file.replace("-0001.", f"-09{chance.randrange(10, 99)}.")
        yield Delivery(file, chance.choice((file, renamed)), repack and chance.random() < 0.5)
