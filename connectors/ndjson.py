"""Gzipped NDJSON (academy, mobile): one pass from compressed bytes to text columns, with line numbers.

Data flow: isal decompresses and checks CRC, length and trailing bytes; numpy finds the line ends; the lines
go as Arrow batches into DuckDB, which parses each line once. A line that is not one JSON object, or not
UTF-8, is quarantined with its number; a damaged gzip rejects the file, wherever the damage is: nothing counts
before the last byte was checked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
from isal import igzip
from isal.isal_zlib import IsalError

from connectors.contract import Contract, EntityContract
from connectors.delivery import Batch, FileRejected, LandedFile
from connectors.reasons import Reason
from connectors.staging import Stage
from connectors.typing_sql import UNREADABLE, identifier, quote

_CHUNK = 8 << 20
_BOM = b"\xef\xbb\xbf"
_LOOKED_AT, _ITEMS_LOOKED_AT, _NAMES_NOTED = 1 << 20, 1_000, 20
_SCHEMA = pa.schema([("line_no", pa.int64()), ("line", pa.large_string()), ("fault", pa.string())])


class GzipLines:
    """The lines of a gzip file as Arrow batches (line_no from 1, line, fault).

    `rejected` is set when the gzip is damaged: the exception itself may be lost in DuckDB's scan.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rejected: FileRejected | None = None

    def reader(self) -> pa.RecordBatchReader:
        """A stream for DuckDB to scan once."""
        return pa.RecordBatchReader.from_batches(_SCHEMA, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if self.path.stat().st_size == 0:
            self.rejected = FileRejected("file_empty")
            raise EOFError
        first, rest = 1, b""
        try:
            with igzip.open(self.path, "rb") as stream:
                start = True
                while chunk := stream.read(_CHUNK):
                    if start:
                        chunk, start = chunk.removeprefix(_BOM), False
                    chunk = rest + chunk
                    end = chunk.rfind(b"\n") + 1
                    rest = chunk[end:]
                    if end:
                        batch = _split(chunk[:end], first)
                        first += batch.num_rows
                        yield batch
        except (OSError, EOFError, zlib.error, IsalError) as error:  # type: ignore[misc]
            self.rejected = FileRejected("gzip_damaged", error=type(error).__name__)
            raise
        if rest:
            yield _split(rest, first)


def _split(data: bytes, first: int) -> pa.RecordBatch:
    """Lines of `data` without copying it: the newline stays, JSON does not mind."""
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n")).astype(np.int64) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, np.int64(len(data)))
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), ends])
    lines = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    )
    numbers = pa.array(np.arange(first, first + len(ends)))
    try:
        return pa.record_batch(
            [numbers, lines.cast(pa.large_string()), pa.nulls(len(ends), pa.string())], _SCHEMA
        )
    except pa.ArrowInvalid:
        texts: list[str | None] = []
        for line in lines.to_pylist():  # the slow path of a damaged chunk only
            try:
                texts.append(line.decode())
            except UnicodeDecodeError:
                texts.append(None)
        faults = pa.array(["line_bytes" if text is None else None for text in texts], pa.string())
        return pa.record_batch([numbers, pa.array(texts, pa.large_string()), faults], _SCHEMA)


def _select_fields(entity: EntityContract, relation: str) -> str:
    """Parse each line once: all paths at one go; null and missing are the same."""
    paths: list[str] = []
    columns: list[str] = []
    for name, field in entity.fields.items():
        places = []
        for path in (field.json_path,) if field.json_path else entity.column_names(name):
            pointer = path if path.startswith("$") else f'$."{path}"'
            paths.append(pointer)
            places.append(_scalar(field.type, f"parsed[{len(paths)}]", pointer))
        columns.append(f"coalesce({', '.join(places)}) AS {identifier(name)}")
    wanted = "[" + ", ".join(quote(path) for path in paths) + "]"
    return f"""
        SELECT line_no AS _source_row,
               CASE WHEN fault IS NOT NULL THEN fault
                    WHEN parsed IS NULL THEN 'line_no_object' END AS _fault,
               {", ".join(columns)}
        FROM (SELECT line_no, line, fault,
                     CASE WHEN fault IS NULL AND line[1] = '{{' AND json_valid(line)
                          THEN json_extract_string(line, {wanted}) END AS parsed
              FROM (SELECT line_no, fault, ltrim(line, E' \\t\\r\\n') AS line FROM {relation})
              WHERE line <> '' OR fault IS NOT NULL)"""


def _scalar(kind: str, value: str, pointer: str) -> str:
    """A document where a text belongs is no text (for the other types the typing refuses it anyway)."""
    if kind not in ("text", "code"):
        return value
    return (
        f"CASE WHEN {value}[1] IN ('{{', '[') AND json_type(line, {quote(pointer)}) IN ('OBJECT', 'ARRAY') "
        f"THEN {quote(UNREADABLE)} ELSE {value} END"
    )


def _note_unknown(entity: EntityContract, path: Path) -> tuple[Reason, ...]:
    """Names in a file's first items that the contract does not know, if any.

    A renamed optional field leaves nothing but nulls: without this nobody would hear of it. Documents by a
    standard (xAPI) have properties that nobody reads, and are not looked at. A file that is damaged before
    its first items end tells nothing here: reading it says why.
    """
    if any(field.json_path for field in entity.fields.values()):
        return ()
    known = {name for field in entity.fields for name in entity.column_names(field)}
    found: set[str] = set()
    try:
        with igzip.open(path, "rb") as stream:
            for line in stream.read(_LOOKED_AT).removeprefix(_BOM).splitlines()[:_ITEMS_LOOKED_AT]:
                try:
                    item = msgspec.json.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue  # the quarantine says so
                if isinstance(item, dict):
                    found |= item.keys()
    except (OSError, EOFError, zlib.error, IsalError):  # type: ignore[misc]
        return ()
    unknown = sorted(found - known)[:_NAMES_NOTED]
    return (Reason("columns_ignored", {"names": ", ".join(unknown)}),) if unknown else ()


def read_ndjson(stage: Stage, contract: Contract, file: LandedFile) -> list[Batch]:
    """Read one gzipped NDJSON file into its one batch. Raises FileRejected on a damaged gzip."""
    (name,) = file.drop.name.entities
    entity = contract.entities[name]
    lines = GzipLines(file.local)
    stage.connection.register("gzip_lines", lines.reader())
    try:
        notes = _note_unknown(entity, file.local)
        return [stage.write(file, entity, f"({_select_fields(entity, 'gzip_lines')})", notes=notes)]
    except (duckdb.Error, OSError, EOFError) as error:
        if lines.rejected:
            raise lines.rejected from error
        raise
    finally:
        stage.connection.unregister("gzip_lines")
