"""Whole columns of text made at once: dates, instants, keys, UUIDs, identity numbers.

Every function takes and gives columns (numpy in, Arrow or numpy out); none loops over rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from simulator.plan import Bools, Floats, Ints

LOCAL_OFFSET_SECONDS = 8 * 3600
_HEX = np.frombuffer(b"".join(b"%02x" % i for i in range(256)), dtype=np.uint8).reshape(256, 2)
# GB 11643-1999: weights of the 17 digits, and the check character for each remainder modulo 11.
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_ID_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


def from_bytes(matrix: NDArray[np.uint8]) -> pa.Array:
    """Text column from a matrix of ASCII codes, one row a value, all of one width."""
    rows, width = matrix.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(matrix)
    return pa.Array.from_buffers(pa.string(), rows, [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def digits(values: Ints, width: int, prefix: str = "") -> pa.Array:
    """Zero-padded numbers after a prefix: `digits([7], 3, "U")` is `U007`."""
    return concat(prefix, pc.utf8_lpad(pc.cast(pa.array(values), pa.string()), width, "0"))


def concat(*parts: Any) -> pa.Array:
    """Join columns and constants row by row; a null part makes the row null."""
    return pc.binary_join_element_wise(*parts, "", null_handling="emit_null")


def chosen(texts: Sequence[str | None], index: Ints) -> pa.Array:
    """The text at each index of a short list."""
    return pa.array(list(texts), pa.string()).take(pa.array(index))


def number_or_null(values: Floats | Ints, missing: Bools, decimals: int | None = None) -> pa.Array:
    """Numbers with nulls; `decimals` rounds."""
    rounded = np.round(values, decimals) if decimals is not None else values
    return pa.array(rounded, mask=missing)


def blank_where(column: pa.Array, missing: Bools) -> pa.Array:
    """The column with nulls where `missing`."""
    return pc.if_else(pa.array(missing), pa.scalar(None, column.type), column)


def day_text(days: Ints, missing: Bools | None = None) -> pa.Array:
    """`YYYY-MM-DD` of days since 1970-01-01."""
    column = pa.array(np.asarray(days, dtype=np.int32), mask=missing).cast(pa.date32())
    return column.cast(pa.string())


def compact_day_text(days: Ints, style: Ints, missing: Bools | None = None) -> pa.Array:
    """Dates as the cadre-management system writes them (sources.md 1).

    style 0: `YYYYMMDD`; 1: `YYYYMM`; 2: `YYYY.MM` (both mean the first day of the month).
    """
    text = day_text(days, missing)
    year, month, day = (pc.utf8_slice_codeunits(text, a, b) for a, b in ((0, 4), (5, 7), (8, 10)))
    return pc.choose(
        pa.array(np.asarray(style, dtype=np.int64)),
        concat(year, month, day),
        concat(year, month),
        concat(year, ".", month),
    )


def instant_text(seconds: Ints, utc: Bools | None = None, missing: Bools | None = None) -> pa.Array:
    """ISO 8601 of local seconds: `…+08:00`, or the same instant as `…Z` where `utc`."""
    shifted = seconds if utc is None else np.where(utc, seconds - LOCAL_OFFSET_SECONDS, seconds)
    text = second_text(shifted, missing)
    return concat(text, "+08:00" if utc is None else chosen(["+08:00", "Z"], utc.astype(np.int64)))


def second_text(seconds: Ints, missing: Bools | None = None) -> pa.Array:
    """`YYYY-MM-DDTHH:MM:SS` without an offset."""
    stamps = pa.array(np.asarray(seconds, dtype=np.int64), mask=missing).cast(pa.timestamp("s"))
    return pc.utf8_replace_slice(stamps.cast(pa.string()), 10, 11, "T")


def mixed_hash(values: Ints, salt: int) -> NDArray[np.uint64]:
    """64 well-mixed bits for each number (splitmix64): a key that can be made anew where it is needed."""
    with np.errstate(over="ignore"):
        x = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x += np.uint64((salt * 0xD1342543DE82EF95 + 0x632BE59BD9B4E019) % 2**64)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def hex_text(values: Ints, salt: int, width: int) -> pa.Array:
    """`width` hexadecimal digits (at most 16, even) that depend on the number and the salt only."""
    return from_bytes(_hex_matrix(mixed_hash(values, salt))[:, :width])


def uuid_text(values: Ints, salt: int) -> pa.Array:
    """UUIDs of version 4's shape that depend on the number and the salt only."""
    high, low = _hex_matrix(mixed_hash(values, salt)), _hex_matrix(mixed_hash(values, salt + 1))
    plain = np.hstack([high, low])
    plain[:, 12] = ord("4")
    plain[:, 16] = np.frombuffer(b"89ab", dtype=np.uint8)[plain[:, 17] & 3]
    out = np.full((len(values), 36), ord("-"), dtype=np.uint8)
    for source, target, size in ((0, 0, 8), (8, 9, 4), (12, 14, 4), (16, 19, 4), (20, 24, 12)):
        out[:, target : target + size] = plain[:, source : source + size]
    return from_bytes(out)


def identity_numbers(regions: Ints, birth_days: Ints, sequence: Ints) -> pa.Array:
    """18-character numbers with the check character of GB 11643.

    regions: six-digit codes; sequence: 0 to 999, odd for men.
    """
    dates = np.asarray(birth_days, dtype="datetime64[D]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    body = ((regions * 10_000 + year) * 100 + month) * 100 + day
    body = body * 1000 + sequence
    places = body[:, None] // 10 ** np.arange(16, -1, -1, dtype=np.int64) % 10
    check = _ID_CHECKS[(places * _ID_WEIGHTS).sum(axis=1) % 11]
    return from_bytes(np.column_stack([(places + 48).astype(np.uint8), check]))


def full_width(column: pa.Array) -> pa.Array:
    """Digits and X as full-width characters, as some registration forms store them."""
    for code in b"0123456789X":
        column = pc.replace_substring(column, chr(code), chr(code + 0xFEE0))
    return column


def take_text(values: pa.Array, index: Ints) -> pa.Array:
    """The value at each index; null where the index is negative."""
    return values.take(pa.array(index, mask=index < 0))


def _hex_matrix(bits: NDArray[np.uint64]) -> NDArray[np.uint8]:
    octets = np.ascontiguousarray(bits.astype(">u8")).view(np.uint8).reshape(-1, 8)
    return _HEX[octets].reshape(-1, 16)
