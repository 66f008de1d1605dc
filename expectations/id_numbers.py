"""Citizen ID numbers, column-wise: is each well formed? (GB 11643; rules.md, Identity)"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_DIGITS = np.frombuffer(b"10X98765432", dtype=np.uint8)


def are_valid(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where a number has 18 places, a date that exists and the right check digit; null stays null.

    Numbers of 15 digits (before 1999) carry no check digit: their date decides, read as 19YY.
    Judged after making them half-width, trimmed and upper-case, as the identity rules do.
    """
    distinct = numbers.unique()
    text = pc.utf8_normalize(distinct.cast(pa.string()), form="NFKC")
    text = pc.utf8_upper(pc.utf8_trim_whitespace(text))
    result = np.zeros(len(text), dtype=bool)
    long_ones = np.flatnonzero(_matches(text, r"^\d{17}[\dX]$"))
    short_ones = np.flatnonzero(_matches(text, r"^\d{15}$"))
    if len(long_ones):
        places = _places(text.take(pa.array(long_ones)), 18)
        sums = (places[:, :17].astype(np.int64) - ord("0")) @ WEIGHTS
        right_digit = CHECK_DIGITS[sums % 11] == places[:, 17]
        result[long_ones] = right_digit & _dates_exist(_slice_text(places, 6, 14))
    if len(short_ones):
        places = _places(text.take(pa.array(short_ones)), 15)
        result[short_ones] = _dates_exist(np.char.add("19", _slice_text(places, 6, 12)))
    known = pa.array(result, mask=~np.asarray(pc.is_valid(distinct)))
    return known.take(pc.index_in(numbers, value_set=distinct).combine_chunks())


def _matches(text: pa.Array, pattern: str) -> np.ndarray:
    return pc.fill_null(pc.match_substring_regex(text, pattern), False).to_numpy(zero_copy_only=False)


def _places(text: pa.Array, width: int) -> np.ndarray:
    joined = "".join(text.to_pylist()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, width)


def _slice_text(places: np.ndarray, start: int, stop: int) -> np.ndarray:
    cut = np.ascontiguousarray(places[:, start:stop])
    return cut.view(f"S{stop - start}").ravel().astype(str)


def _dates_exist(yyyymmdd: np.ndarray) -> np.ndarray:
    parsed = pc.strptime(pa.array(yyyymmdd), format="%Y%m%d", unit="s", error_is_null=True)
    # strptime rolls 30 February over to March: the date must print as it was read.
    printed = pc.strftime(parsed, format="%Y%m%d")
    same = pc.fill_null(pc.equal(printed, pa.array(yyyymmdd)), False)
    return same.to_numpy(zero_copy_only=False)
