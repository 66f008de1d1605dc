"""CSV text and zip files with the same bytes each time."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from simulator.ndjson import text_bytes
from simulator.text_columns import concat


def csv_bytes(table: pa.Table, encoding: str = "gb18030") -> bytes:
    """RFC 4180 with CRLF; only values with a quote, comma or line break are quoted; null is empty."""
    header = ",".join(table.column_names) + "\r\n"
    if table.num_rows == 0:
        return header.encode(encoding)
    cells: list[pa.Array | str] = []
    for column in table.columns:
        text = pc.fill_null(column.combine_chunks(), "")
        special = pc.match_substring_regex(text, '[",\r\n]')
        if pc.any(special).as_py():
            text = pc.if_else(special, concat('"', pc.replace_substring(text, '"', '""'), '"'), text)
        cells += [text, ","]
    cells[-1] = "\r\n"
    return (header + text_bytes(concat(*cells)).decode()).encode(encoding)


def write_zip(path: Path, members: dict[str, bytes], stamp: tuple[int, int, int, int, int, int]) -> None:
    """A zip whose bytes depend on its members only: fixed times, order and attributes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(info, content)
