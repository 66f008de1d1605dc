"""Tables on a terminal of any width: nothing is cut, and no word falls apart.

What fits is a table. Columns of prose share the room that is left and go on in the next line, between words.
Where that is not enough, columns that may stand aside go to a line below their row; where that is not enough
either, every row is printed one field a line, as database shells do. Chinese characters are two cells wide,
and a line of text may end between any two of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.console import Group
from rich.panel import Panel
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

GAP = 2
LEAST_PROSE = 16
"""Cells: prose narrower than this is harder to read than one field a line."""

_OPEN, _CLOSE = "（《“「『【〈〔", "，。、；：！？）》”」』】〉〕"
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
# What stays together: a word, or one wide character, with the marks that may not begin or end a line.
_PIECE = re.compile(
    rf"[{_OPEN}]*(?:[^\s{_WIDE}{_OPEN}{_CLOSE}]+|[{_WIDE}])?(?:[{_CLOSE}]|[,.;:!?)%]+(?=\s|$))*"
)

Cell = str | Text


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Numbers stand on the right; prose may go on in the next line; what may stand aside goes, with its heading,
    below the row where the table would be too wide.
    """

    heading: str
    is_number: bool = False
    is_prose: bool = False
    is_aside: bool = False


@dataclass(frozen=True)
class Heading:
    """A line across the whole table, above the rows that it is about."""

    text: Cell


def show_table(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell] | Heading],
    title: Cell = "",
    *,
    with_headings: bool = True,
) -> None:
    """Print rows under a title, as a table where it fits, else one field a line."""
    width = console.width
    lines = wrap(_style(title, "bold"), width) if title else []
    cells = [row if isinstance(row, Heading) else [_style(cell) for cell in row] for row in rows]
    main = list(range(len(columns)))
    widths = _fit(columns, cells, main, width, with_headings)
    if widths is None:
        main = [number for number, column in enumerate(columns) if not column.is_aside]
        widths = _fit(columns, cells, main, width, with_headings)
    if widths is None:
        lines += _list_records(columns, cells, width)
    else:
        lines += _draw_table(columns, cells, main, widths, width, with_headings)
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)


def show_text(console: Console, text: Cell, style: str = "") -> None:
    """Print text as it is, without markup, its lines ending between words."""
    for line in wrap(_style(text, style), console.width):
        console.print(line, soft_wrap=True)


def show_panel(
    console: Console, title: Cell, lines: Sequence[Cell], footer: str = "", border: str = "none"
) -> None:
    """Print lines in a frame with a title and a footer; these stand inside where the frame is too narrow."""
    title = _style(title)
    room = console.width - 6
    inside = [_style(line) for line in lines]
    if measure(title) > room:
        inside.insert(0, title)
        title = Text()
    if measure(footer) > room:
        inside.append(Text(footer, "dim"))
        footer = ""
    wrapped = [part for line in inside for part in wrap(line, console.width - 4)]
    framed = Panel(
        Group(*wrapped),
        title=title if title.plain else None,
        title_align="left",
        subtitle=footer or None,
        subtitle_align="left",
        border_style=border,
    )
    console.print(framed)


def wrap(text: Text, width: int) -> list[Text]:
    """Lines of at most `width` cells that end between words, or between two Chinese characters.

    A word that is wider than that is broken where it must be.
    """
    lines = []
    for paragraph in text.split("\n", allow_blank=True):
        start = end = used = 0
        for begin, stop in _find_pieces(paragraph.plain):
            size = cell_len(paragraph.plain[begin:stop])
            gap = cell_len(paragraph.plain[end:begin])
            if end > start and used + gap + size > width:
                lines.append(paragraph[start:end])
                start, used, gap = begin, 0, 0
            while used + gap + size > width:
                # one word alone is wider than the line
                head = chop_cells(paragraph.plain[start:stop], width)[0]
                lines.append(paragraph[start : start + len(head)])
                start += len(head)
                used, gap, size = 0, 0, cell_len(paragraph.plain[start:stop])
            used += gap + size
            end = stop
        lines.append(paragraph[start:end])
    return lines


def measure(cell: Cell) -> int:
    """Cells that the widest line of a text needs."""
    plain = cell if isinstance(cell, str) else cell.plain
    return max((cell_len(line) for line in plain.split("\n")), default=0)


def _find_pieces(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _PIECE.finditer(text) if match.end() > match.start()]


def _longest_piece(cell: Cell) -> int:
    plain = cell if isinstance(cell, str) else cell.plain
    return max((cell_len(plain[start:end]) for start, end in _find_pieces(plain)), default=0)


def _style(cell: Cell, style: str = "") -> Text:
    return Text(cell, style) if isinstance(cell, str) else cell


def _fit(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Text] | Heading],
    main: Sequence[int],
    width: int,
    with_headings: bool,
) -> list[int] | None:
    """The widths of the main columns; None where they do not fit side by side."""
    least, wanted = [], []
    for number in main:
        column = columns[number]
        cells = [row[number] for row in rows if not isinstance(row, Heading)]
        whole = floor = max(map(measure, cells), default=0)
        if column.is_prose:
            floor = min(whole, max(LEAST_PROSE, max(map(_longest_piece, cells), default=0)))
        heading = column.heading if with_headings else ""
        # A heading in Chinese is one word: two characters, one below the other, are not read.
        least.append(max(floor, *map(cell_len, heading.split()), 1))
        wanted.append(max(whole, measure(heading), 1))
    left = width - sum(least) - GAP * (len(main) - 1)
    if left < 0 or not main:
        return None
    by_need = sorted(range(len(main)), key=lambda place: wanted[place] - least[place])
    for done, place in enumerate(by_need):
        more = min(wanted[place] - least[place], left // (len(main) - done))
        least[place] += more
        left -= more
    return least


def _draw_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Text] | Heading],
    main: Sequence[int],
    widths: Sequence[int],
    width: int,
    with_headings: bool,
) -> list[Text]:
    lines = []
    shown = [columns[number] for number in main]
    if with_headings:
        headings = [
            wrap(Text(column.heading, "dim"), size) for column, size in zip(shown, widths, strict=True)
        ]
        deepest = max(map(len, headings), default=0)
        headings = [[Text()] * (deepest - len(cell)) + cell for cell in headings]
        lines += _draw_row(shown, headings, widths)
        lines.append(Text((" " * GAP).join("─" * size for size in widths), "dim"))
    for row in rows:
        if isinstance(row, Heading):
            lines += wrap(_style(row.text, "bold"), width)
            continue
        wrapped = [wrap(row[number], size) for number, size in zip(main, widths, strict=True)]
        lines += _draw_row(shown, wrapped, widths)
        aside = [
            Text().append(f"{column.heading} " if column.heading else "", "dim").append_text(row[number])
            for number, column in enumerate(columns)
            if number not in main and row[number].plain
        ]
        if aside:
            beside = Text(" " * GAP).join(aside)
            lines += [Text(" " * GAP).append_text(part) for part in wrap(beside, width - GAP)]
    return lines


def _draw_row(
    columns: Sequence[Column], cells: Sequence[Sequence[Text]], widths: Sequence[int]
) -> list[Text]:
    lines = []
    for parts in zip_longest(*cells, fillvalue=Text()):
        filled = []
        for column, part, size in zip(columns, parts, widths, strict=True):
            room = Text(" " * (size - cell_len(part.plain)))
            filled.append(room + part if column.is_number else part + room)
        lines.append(Text(" " * GAP).join(filled))
    return lines


def _list_records(
    columns: Sequence[Column], rows: Sequence[Sequence[Text] | Heading], width: int
) -> list[Text]:
    """Every row one field a line; a word too wide to stand beside its name stands below it."""
    lines = []
    label = max(measure(column.heading) for column in columns)
    count = sum(not isinstance(row, Heading) for row in rows)
    number = 0
    for row in rows:
        if isinstance(row, Heading):
            lines += wrap(_style(row.text, "bold"), width)
            continue
        number += 1
        name = f"── {number} / {count} "
        lines.append(Text(name + "─" * max(0, min(width, 60) - cell_len(name)), "dim"))
        for column, cell in zip(columns, row, strict=True):
            beside = width - label - GAP
            name = column.heading
            if beside < LEAST_PROSE or _longest_piece(cell) > beside:
                lines += wrap(Text(name, "dim"), width)
                lines += [Text(" " * GAP).append_text(part) for part in wrap(cell, width - GAP)]
                continue
            for part in wrap(cell, beside):
                room = " " * (label - cell_len(name) + GAP)
                lines.append(Text().append(name + room, "dim").append_text(part))
                name = ""
    return lines
