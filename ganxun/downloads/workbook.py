"""A table as a sheet: texts as text, dates as dates, numbers as numbers, the heading frozen; any length.

Written row by row (xlsxwriter's constant memory). Superset's exports and `ganxun export` share it, so it
needs nothing but xlsxwriter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

# A sheet of Excel has no more: one row is the heading.
SHEET_ROWS = 1_048_575
# Excel keeps 15 digits of a number.
EXACT_INTEGER = 10**15
MAX_WIDTH, MIN_WIDTH = 48, 8
CELL_CHARACTERS = 32_767
NUMBER_FORMATS = {"count": "#,##0", "decimal": "#,##0.0", "rate": "0.0%", "date": "yyyy-mm-dd",
                  "instant": "yyyy-mm-dd hh:mm:ss", "text": "@", "plain": "General"}  # fmt: skip


class TooManyRowsError(ValueError):
    """The table is longer than a sheet; nothing is left out in silence."""


@dataclass(frozen=True)
class Heading:
    """A column of a sheet: its title, and how its numbers look (a key of `NUMBER_FORMATS`)."""

    title: str
    look: str = "plain"


class WorkbookWriter:
    """A workbook in a file or a buffer; use it in a `with`."""

    def __init__(self, target: Path | IO[bytes]) -> None:
        self._book = xlsxwriter.Workbook(
            str(target) if isinstance(target, Path) else target,
            {
                "constant_memory": True,
                # Text stays text, whatever it begins with.
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
                "default_date_format": NUMBER_FORMATS["date"],
            },
        )
        self._formats = {look: self._book.add_format({"num_format": f}) for look, f in NUMBER_FORMATS.items()}
        self._heading = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
        )
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})

    def __enter__(self) -> WorkbookWriter:
        """The writer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """The file is complete only after this."""
        self._book.close()

    def add_table(self, name: str, headings: Sequence[Heading], rows: Iterable[Sequence[Any]]) -> int:
        """A sheet with a frozen heading and a filter; returns its rows. Raises `TooManyRowsError`."""
        sheet = self._book.add_worksheet(make_sheet_name(name))
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            width = min(MAX_WIDTH, max(MIN_WIDTH, measure_width(heading.title) + 4))
            sheet.set_column(column, column, width, self._formats[heading.look])
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading.title, self._heading)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > SHEET_ROWS:
                raise TooManyRowsError(f"more than {SHEET_ROWS:,} rows: choose fewer, or write CSV")
            for column, (heading, value) in enumerate(zip(headings, row, strict=True)):
                self._write(sheet, count, column, value, heading.look)
        if headings:
            sheet.autofilter(0, 0, count, len(headings) - 1)
        return count

    def add_notes(self, name: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """A sheet of texts, wrapped: what the figures mean and where they come from."""
        sheet = self._book.add_worksheet(make_sheet_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self._wrapped)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text[:CELL_CHARACTERS], self._wrapped)

    def _write(self, sheet: Any, row: int, column: int, value: Any, look: str) -> None:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:CELL_CHARACTERS], self._formats["text"])
        elif isinstance(value, datetime):
            # Excel knows no zones: the clock of the warehouse's zone is written.
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self._formats["instant"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._formats["date"])
        elif isinstance(value, int | float | Decimal) and -EXACT_INTEGER < value < EXACT_INTEGER:
            shown = look if look in ("count", "decimal", "rate") else "plain"
            sheet.write_number(row, column, value, self._formats[shown])
        else:
            sheet.write_string(row, column, str(value)[:CELL_CHARACTERS], self._formats["text"])


def make_sheet_name(name: str) -> str:
    """A name that Excel accepts for a sheet: 31 characters, none of []:*?/\\ and no quote at the ends."""
    return "".join("_" if letter in "[]:*?/\\" else letter for letter in name)[:31].strip("'") or "_"


def measure_width(text: str) -> int:
    """Columns that a text needs: a Chinese character is twice as wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
