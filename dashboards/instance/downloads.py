"""Superset's exports as spreadsheets open them rightly: identifiers stay text, nothing in the data runs.

Runs in .venv-superset. What Superset 6.1 does by itself: CSV text `001` is left to Excel's guess (1); the
encoding of CSV_EXPORT does not reach a chart's CSV, which comes without a byte order mark; a post-processed
CSV (reports) is read back by pandas, so `001` is 1 before anybody opens it; the streamed CSV of long results
neither has a mark nor neutralises formulas; a workbook puts a quote before every text that begins with `-` or
`+`, has no frozen heading and shows dates with a midnight. `install_exports` replaces the two functions that
write, guards the streamed cells and adds the mark; what a file holds, and for whom, stays Superset's.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

from ganxun.downloads.cells import guard_text
from ganxun.downloads.workbook import Heading, WorkbookWriter

BYTE_ORDER_MARK = "\ufeff"


def install_exports(app: Any) -> None:
    """Put this module's writers in the place of Superset's."""
    from superset.commands.streaming_export.base import BaseStreamingCSVExportCommand
    from superset.utils import csv, excel

    csv.df_to_escaped_csv = write_csv
    excel.df_to_excel = write_excel
    if not hasattr(BaseStreamingCSVExportCommand, "guards_cells"):
        _guard_stream(BaseStreamingCSVExportCommand)
    app.after_request(_add_byte_order_mark)


def _add_byte_order_mark(response: Any) -> Any:
    """Without the mark Excel reads a CSV file's Chinese as GBK."""
    mark = BYTE_ORDER_MARK.encode("utf-8")
    if response.mimetype == "text/csv" and not response.is_streamed:
        data = response.get_data()
        if not data.startswith(mark):
            response.set_data(mark + data)
    return response


def write_csv(frame: Any, **options: Any) -> str:
    """The frame as CSV text with guarded cells; numbers and days are left as they are."""
    guarded = frame.rename(columns=_guard)
    for position, dtype in enumerate(guarded.dtypes):
        if str(dtype) in ("object", "string", "category"):
            guarded.isetitem(position, [_guard(value) for value in guarded.iloc[:, position]])
    if str(guarded.index.dtype) == "object":
        guarded.index = [_guard(value) for value in guarded.index]
    # `encoding` is for the response: what to_csv returns here is text.
    return str(guarded.to_csv(**{key: value for key, value in options.items() if key != "escapechar"}))


def write_excel(frame: Any, index: bool = True, **_: Any) -> bytes:
    """The frame as a workbook: a cell has the type of its value."""
    if index:
        frame = frame.reset_index()
    titles = [
        " ".join(map(str, name)).strip() if isinstance(name, tuple) else str(name) for name in frame.columns
    ]
    columns = [_plain_values(frame.iloc[:, position]) for position in range(len(titles))]
    buffer = io.BytesIO()
    with WorkbookWriter(buffer) as workbook:
        workbook.add_table("数据", [Heading(title) for title in titles], zip(*columns, strict=True))
    return buffer.getvalue()


def _guard(value: Any) -> Any:
    return guard_text(value) if isinstance(value, str) else value


def _plain_values(series: Any) -> list[Any]:
    """Python values of a pandas column: no NaN, days without a midnight."""
    import pandas as pd

    values = [None if _is_missing(value) else value for value in series.astype(object)]
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        stamps = [None if value is None else pd.Timestamp(value) for value in values]
        if all(stamp is None or stamp == stamp.normalize() for stamp in stamps):
            return [None if stamp is None else stamp.date() for stamp in stamps]
        return [None if stamp is None else stamp.to_pydatetime() for stamp in stamps]
    # Numbers of numpy as Python's own.
    return [getattr(value, "item", lambda plain=value: plain)() for value in values]


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _guard_stream(command: Any) -> None:
    write_header, process_rows = command._write_csv_header, command._process_rows

    def guarded_header(self: Any, columns: list[str], writer: Any, buffer: io.StringIO) -> tuple[str, int]:
        text, size = write_header(self, [guard_text(column) for column in columns], writer, buffer)
        return BYTE_ORDER_MARK + text, size + len(BYTE_ORDER_MARK.encode())

    def guarded_rows(self: Any, result: Any, *arguments: Any) -> Iterator[tuple[str, int, int]]:
        return process_rows(self, _GuardedResult(result), *arguments)

    command._write_csv_header = guarded_header
    command._process_rows = guarded_rows
    command.guards_cells = True


class _GuardedResult:
    """A result of SQLAlchemy whose rows have guarded texts."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        """The next rows."""
        return [tuple(_guard(value) for value in row) for row in self._result.fetchmany(size)]
