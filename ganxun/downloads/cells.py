"""What a spreadsheet would make of a text when it opens a CSV file, and how to keep it from doing so.

Excel, WPS and LibreOffice guess: `001` becomes 1, `001.006` becomes 1.006, 18 digits lose their last three,
`3-5` becomes a day in March, and a text that begins with `=`, `+`, `-` or `@` is run as a formula. A CSV file
cannot say that a value is text; what can be written is a formula whose result is that text (`="001"`). In a
workbook none of this is needed: a cell has a type.
"""

from __future__ import annotations

import re

# Numbers in any writing (leading zeros, thousands, exponents, percent), codes of digits and dots.
NUMBER = re.compile(r"\s*[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?%?\s*")
# 3-5, 2024/01, 12:30, 1/2/3: days, times and fractions to a spreadsheet; a whole ISO day is meant as one.
DAY = re.compile(r"\s*[0-9]{1,4}(?:[-/:.][0-9]{1,4}){1,2}\s*")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WORD = re.compile(r"\s*(?:true|false)\s*", re.IGNORECASE)
# Full-width signs too: spreadsheets for East Asia take them for the narrow ones.
FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]|\s*[\t\r\n]")


def guard_text(text: str) -> str:
    """The text as a CSV field that a spreadsheet shows unchanged and never runs."""
    if ISO_DAY.fullmatch(text):
        return text
    if NUMBER.fullmatch(text) or DAY.fullmatch(text) or WORD.fullmatch(text):
        return f'="{text}"'
    if FORMULA.match(text):
        return "'" + text
    return text


def unguard_text(field: str) -> str:
    """What was guarded: for programs that read such a CSV file."""
    if field.startswith('="') and field.endswith('"'):
        return field[2:-1]
    if field.startswith("'") and FORMULA.match(field[1:]):
        return field[1:]
    return field
