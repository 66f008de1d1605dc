"""How a test reads what stands on a terminal: as a person does, down the columns and along the lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rich.cells import cell_len, get_character_cell_size

_RULER = re.compile(r"─+(?:  ─+)*")
_TOKEN = re.compile(r"[A-Za-z0-9_.:/+-]+")


def list_values(found: Any) -> Iterator[str]:
    """Every text and whole number of a JSON value, as it is written."""
    if isinstance(found, dict):
        for value in found.values():
            yield from list_values(value)
    elif isinstance(found, list):
        for value in found:
            yield from list_values(value)
    elif found is not None and not isinstance(found, bool | float):
        yield str(found)


def assert_whole(text: str, values: Iterable[str], width: int) -> None:
    """No line is wider than the terminal, nothing is cut, no word falls apart, and every value is there."""
    too_wide = [line for line in text.splitlines() if cell_len(line) > width]
    assert too_wide == []
    assert "…" not in text
    columns = [_squeeze(text), *map(_squeeze, _read_columns(text))]
    checked = 0
    for value in values:
        broken = [word for word in _TOKEN.findall(value) if len(word) < width - 4 and word not in text]
        assert broken == [], value
        assert any(_squeeze(value) in column for column in columns), value
        checked += 1
    assert checked > 0


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def _read_columns(text: str) -> list[str]:
    """The text of each column of each table, from its ruler to the next empty line or ruler."""
    columns: list[str] = []
    spans: list[tuple[int, int]] = []
    open_columns: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if _RULER.fullmatch(line.rstrip()) or not line.strip():
            columns += ["\n".join(cells) for cells in open_columns]
            spans = [match.span() for match in re.finditer("─+", line)]
            open_columns = [[] for _ in spans]
            continue
        for cells, (start, end) in zip(open_columns, spans, strict=True):
            cells.append(_slice(line, start, end))
    return columns


def _slice(line: str, start: int, end: int) -> str:
    at, kept = 0, []
    for character in line:
        if start <= at < end:
            kept.append(character)
        at += get_character_cell_size(character)
    return "".join(kept)
