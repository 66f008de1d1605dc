"""How a dashboard's charts and notes are arranged: in rows on a desk's screen, one under another on a phone.

Superset draws the same twelve columns on every screen, so that a chart of a quarter of the width is 80 pixels
wide on a phone. A phone therefore gets a dashboard of its own with the same charts, each as wide as the
screen (`superset_config.py` sends phones there).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from dashboards.compiler.sources import DefinitionError

Position = dict[str, Any]

GRID_COLUMNS = 12
# Least and greatest height on a phone in grid units (8 pixels), by kind of block; between them the desk's
# counts. A list may be scrolled inside.
PHONE_HEIGHTS = {
    "number": (18, 18),
    "heatmap": (70, 90),
    "bars": (50, 90),
    "lines": (44, 44),
    "table": (24, 60),
    "counts": (42, 60),
}
PHONE_HEIGHT_ELSE = (40, 60)
# A note on a phone is as high as its text: half-widths of a line (a Chinese character has two), pixels of a
# line and around all of them. A unit of the grid is eight pixels.
PHONE_NOTE_LINE = 40
PHONE_NOTE_LINE_PIXELS = 23
PHONE_NOTE_PIXELS_AROUND = 48
GRID_UNIT_PIXELS = 8


@dataclass(frozen=True)
class Block:
    """A chart or a note: `kind` is the chart's, or `note`; `meta` is what Superset keeps of it."""

    name: str
    kind: str
    meta: dict[str, Any]

    @property
    def key(self) -> str:
        """Its name in the arrangement."""
        return f"{'MARKDOWN' if self.kind == 'note' else 'CHART'}-{self.name}"


def arrange(
    title: str, rows: list[dict[str, Any]], find_block: Callable[[str], Block], screen: str
) -> Position:
    """The position tree of a dashboard. Raises `DefinitionError` for a row wider than twelve columns.

    An item of a row is `name 4` (width), or `{width: 4, stack: [[name, 20], [name, 10]]}`.
    """
    position: Position = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": title}},
    }
    if screen == "phone":
        rows = list(_stack_for_phone(rows, find_block))
    for number, row in enumerate(rows):
        key = f"ROW-{number}"
        position["GRID_ID"]["children"].append(key)
        parents = ["ROOT_ID", "GRID_ID"]
        _container(position, key, "ROW", parents)
        _fill(position, [*parents, key], row, number, find_block)
    return position


def _fill(
    position: Position,
    path: list[str],
    row: dict[str, Any],
    number: int,
    find_block: Callable[[str], Block],
) -> None:
    total = 0
    for place, item in enumerate(row["items"]):
        if isinstance(item, str):
            name, width = _split(item)
            total += width
            _place(position, path, find_block(name), width, row["height"])
            continue
        key = f"COLUMN-{number}-{place}"
        total += item["width"]
        position[path[-1]]["children"].append(key)
        _container(position, key, "COLUMN", path, width=item["width"])
        for name, height in item["stack"]:
            _place(position, [*path, key], find_block(name), item["width"], height)
    if total > GRID_COLUMNS:
        raise DefinitionError(f"row {number} is {total} columns wide, not {GRID_COLUMNS}")


def _container(position: Position, key: str, kind: str, parents: list[str], **meta: Any) -> None:
    position[key] = {
        "id": key,
        "type": kind,
        "children": [],
        "meta": {"background": "BACKGROUND_TRANSPARENT", **meta},
        "parents": parents,
    }


def _place(position: Position, path: list[str], block: Block, width: int, height: int) -> None:
    position[path[-1]]["children"].append(block.key)
    position[block.key] = {
        "id": block.key,
        "type": block.key.split("-", 1)[0],
        "children": [],
        "meta": {"height": height, "width": width, **block.meta},
        "parents": path,
    }


def _split(item: str) -> tuple[str, int]:
    name, _, width = item.partition(" ")
    return name, int(width)


def _stack_for_phone(
    rows: list[dict[str, Any]], find_block: Callable[[str], Block]
) -> Iterator[dict[str, Any]]:
    """The same blocks in reading order: two numbers beside each other, everything else alone."""
    numbers: list[str] = []
    for name, height in _in_reading_order(rows):
        block = find_block(name)
        kind = block.kind
        if kind == "number":
            numbers.append(name)
            if len(numbers) == 2:
                yield _numbers_row(numbers)
                numbers = []
            continue
        if numbers:
            yield _numbers_row(numbers)
            numbers = []
        if kind == "note":
            yield {"height": _note_height_on_phone(block.meta["code"]), "items": [f"{name} {GRID_COLUMNS}"]}
        else:
            least, greatest = PHONE_HEIGHTS.get(kind, PHONE_HEIGHT_ELSE)
            yield {"height": min(max(height, least), greatest), "items": [f"{name} {GRID_COLUMNS}"]}
    if numbers:
        yield _numbers_row(numbers)


def _note_height_on_phone(markdown: str) -> int:
    """Grid units that the words need."""
    widths = [
        sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in line.replace("**", ""))
        for line in markdown.splitlines()
    ]
    lines = sum(math.ceil(width / PHONE_NOTE_LINE) for width in widths)
    return math.ceil((lines * PHONE_NOTE_LINE_PIXELS + PHONE_NOTE_PIXELS_AROUND) / GRID_UNIT_PIXELS)


def _numbers_row(names: list[str]) -> dict[str, Any]:
    width = GRID_COLUMNS // len(names)
    return {"height": PHONE_HEIGHTS["number"][0], "items": [f"{name} {width}" for name in names]}


def _in_reading_order(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    """Name and height on the desk of each block."""
    for row in rows:
        for item in row["items"]:
            if isinstance(item, str):
                yield _split(item)[0], row["height"]
            else:
                yield from item["stack"]
