"""JSON lines built column by column, and gzip files with the same bytes each time."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.plan import Bools, Ints
from simulator.text_columns import concat, mixed_hash

GZIP_LEVEL = 4
CHUNK_ROWS = 100_000
_STYLE_SALT = 11


@dataclass(frozen=True)
class Field:
    """A key and its column as text. quoted: a JSON string (else a number, boolean or ready-made object)."""

    name: str
    values: pa.Array
    quoted: bool = True
    escape: bool = False


def json_lines(fields: Sequence[Field], leave_out: Bools) -> bytes:
    """One object a line. Where a value is null the key is left out (`leave_out`) or written as null.

    The first field must not be null.
    """
    parts = [_value(fields[0], "{")]
    absent = pa.array(leave_out)
    for field in fields[1:]:
        part = _value(field, ",")
        if field.values.null_count:
            part = pc.coalesce(part, pc.if_else(absent, "", f',"{field.name}":null'))
        parts.append(part)
    return text_bytes(concat(*parts, "}\n"))


def text_bytes(column: pa.Array | pa.ChunkedArray) -> bytes:
    """The values of a text column without nulls, one after the other."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return b"".join(_chunk_bytes(chunk) for chunk in chunks)


def write_gzip(path: Path, parts: Iterable[bytes]) -> None:
    """A gzip file without name and time in its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as packed:
        for part in parts:
            packed.write(part)


def escaped(column: pa.Array) -> pa.Array:
    """Text that may stand within a JSON string."""
    for plain, code in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        column = pc.replace_substring(column, plain, code)
    return column


def _value(field: Field, before: str) -> pa.Array:
    values = escaped(field.values) if field.escape else field.values
    mark = '"' if field.quoted else ""
    return concat(f'{before}"{field.name}":{mark}', values, mark)


def _chunk_bytes(chunk: pa.Array) -> bytes:
    if len(chunk) == 0:
        return b""
    _, offsets, data = chunk.buffers()
    first, last = (
        pa.Array.from_buffers(pa.int32(), len(chunk) + 1 + chunk.offset, [None, offsets])
        .take(pa.array([chunk.offset, chunk.offset + len(chunk)]))
        .to_pylist()
    )
    return bytes(memoryview(data)[first:last])


def leaves_out(rows: Ints) -> Bools:
    """Two exports in one: half of the items leave empty keys away, half write null."""
    return mixed_hash(rows, _STYLE_SALT) % np.uint64(2) == 0
