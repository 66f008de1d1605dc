"""Why landing left out a file, row or field, or what it noted of a file: a code, and its English sentence.

What people read in both languages is found by the code (dbt_project/seeds/fault_text.csv). The sentence
stands beside it in the ledger and the quarantine: names of files, tables and columns, never a value of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_SENTENCES = {
    # of a file
    "still_written": "the file is still being written: its size changed while it was fetched",
    "same_content": "same content as {path}",
    "gzip_damaged": "the gzip is damaged ({error}): cut, altered or followed by rubbish",
    "file_empty": "the file is empty (a gzip of nothing has 20 bytes)",
    "zip_damaged": "the zip is damaged or unreadable ({error})",
    "zip_doubled": "the zip holds two members of one name",
    "manifest_missing": "the zip has no manifest.json",
    "manifest_unreadable": "manifest.json cannot be read",
    "not_in_manifest": "{member} is not in the manifest",
    "not_in_zip": "{member} is in the manifest, but not in the zip",
    "checksum_differs": "{member} does not match the manifest's SHA-256",
    "rows_differ": "{member} has {rows} records, the manifest says {promised}",
    "not_a_csv": "{member} is not a CSV",
    "workbook_damaged": "the workbook is damaged or unreadable ({error})",
    "sheets_missing": "sheets missing: {names}",
    "header_missing": "{container} has no header in row {row}",
    "database_unsound": "SQLite's check of the database failed",
    "database_damaged": "the database is damaged or unreadable ({error})",
    "tables_missing": "tables missing: {names}",
    "required_column_missing": "{container}: required column {column} is missing",
    "checks_failed": "critical expectations failed: {checks}",
    "reading_failed": "reading failed unexpectedly ({error})",
    "held": "held at the gate: {falls}",
    "bytes_gone": "its bytes are no longer in the landing zone",
    # noted of a file that is loaded
    "columns_missing": "columns missing: {names}",
    "columns_renamed": "renamed: {names}",
    "columns_ignored": "columns ignored: {names}",
    "columns_doubled": "columns named twice: {names}",
    "other_encoding": "read as UTF-8 instead of GB18030",
    "other_date": "the manifest names another business date",
    # of a row
    "record_bytes": "the record has bytes that are not GB18030",
    "row_bytes": "the row has bytes that are not UTF-8",
    "line_bytes": "the line is not UTF-8",
    "line_no_object": "the line is not one JSON object",
    "record_too_long": "the record has more fields than the header",
    "record_too_short": "the record has fewer fields than the header",
    "release_refused": "critical expectations fail with this row: {checks}",
    # of a field
    "required_missing": "required value is missing",
    "not_in_code_list": "not in the code list",
    "wrong_order": "{end} is before {start}",
    "below_minimum": "below {minimum:g}",
    "above_maximum": "above {maximum:g}",
    "outside_range": "below {minimum:g} or above {maximum:g}",
    "not_a_date": "not a date of the calendar written as {formats}",
    "not_an_instant": "not an instant with offset",
    "not_a_text": "not a text",
    "not_a_whole_number": "not a whole number",
    "not_a_number": "not a number",
    "not_a_yes_or_no": "not a yes or no",
    "not_a_time": "not a time HH:MM",
    "not_a_duration": "not an ISO 8601 duration",
}
# Of a number: it is one, and too small or too large.
OUT_OF_RANGE = ("below_minimum", "above_maximum", "outside_range")
# Why a reader could not take a whole row: what may stand in the column `_fault` of its relation.
ROW_FAULTS = (
    "record_bytes", "row_bytes", "line_bytes", "line_no_object", "record_too_long", "record_too_short",
)  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """A code with what its sentence names; to say an unknown code, or without a name, raises KeyError."""

    code: str
    parameters: Mapping[str, str | float] = field(default_factory=dict)

    def __str__(self) -> str:
        return _SENTENCES[self.code].format(**self.parameters)


def list_codes() -> tuple[str, ...]:
    """Every code that landing can give."""
    return tuple(_SENTENCES)


def join_reasons(reasons: Iterable[Reason]) -> str:
    """What was noted of a file, as one sentence; empty: nothing."""
    return "; ".join(map(str, reasons))
