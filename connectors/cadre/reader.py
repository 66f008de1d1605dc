"""Reader of the cadre-management system's drop.

Purpose: units, people, posts and appraisals: who must be trained, and where everybody belonged when.
Data flow: `cadre/GBGL_<night>.zip` > manifest and CRC > decoded CSV > text columns > typed Parquet, a batch
a CSV. Failure mode: any mismatch with the manifest rejects the whole night (the last good snapshot stands);
a record with a field too many or too few, or with undecodable bytes, is quarantined with its number.
Alone: `python -m connectors.cadre.reader FILE` prints the counts.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from connectors.cadre.encoding import UNDECODABLE, decode_csv
from connectors.cadre.package import Member, open_package
from connectors.columns import match_columns
from connectors.contract import EntityContract, load_contract
from connectors.delivery import Batch, FileRejected, LandedFile
from connectors.preview import preview
from connectors.reasons import Reason
from connectors.staging import Stage


@dataclass
class _Table:
    """A parsed CSV: all records with `_source_row` and `_fault`, and what to note about the file."""

    entity: EntityContract
    rows: pa.Table
    notes: tuple[Reason, ...]


def read(stage: Stage, file: LandedFile) -> list[Batch]:
    """Read one landed zip into four batches. Raises FileRejected: see the module's text."""
    contract = load_contract("cadre")
    entities = [contract.entities[name] for name in file.drop.name.entities]
    members, day = open_package(file.local, [entity.container for entity in entities])
    other_date = () if day == file.drop.business_date.isoformat() else (Reason("other_date"),)
    # All members are parsed and counted before the first one is written.
    tables = [_parse(entity, members[entity.container]) for entity in entities]
    batches = []
    for table in tables:
        stage.connection.register("csv_rows", table.rows)
        try:
            notes = (*table.notes, *other_date)
            batches.append(stage.write(file, table.entity, "csv_rows", table.entity.container, notes))
        finally:
            stage.connection.unregister("csv_rows")
    return batches


def _parse(entity: EntityContract, member: Member) -> _Table:
    decoded = decode_csv(member.data)
    try:
        header = next(csv.reader(io.StringIO(decoded.text, newline="")))
        match = match_columns(entity, header)
        table, unfit = _records(decoded.text, len(header))
    except (StopIteration, csv.Error, pa.ArrowInvalid) as error:
        raise FileRejected("not_a_csv", member=member.name) from error
    read = table.num_rows + len(unfit)
    if read != member.promised_rows:
        raise FileRejected("rows_differ", member=member.name, rows=read, promised=member.promised_rows)
    numbers = np.setdiff1d(np.arange(2, read + 2), np.array([number for number, _ in unfit], dtype=np.int64))
    fault = pa.nulls(table.num_rows, pa.string())
    if decoded.damaged:
        marked = pa.array(np.zeros(table.num_rows, dtype=bool))
        for column in table.columns:
            marked = pc.or_(marked, pc.match_substring(column, UNDECODABLE).combine_chunks())
        fault = pc.if_else(marked, "record_bytes", fault)
    columns = {"_source_row": pa.array(numbers, pa.int64()), "_fault": fault}
    for name in entity.fields:
        position = match.positions.get(name)
        columns[name] = pa.nulls(table.num_rows, pa.string()) if position is None else table.column(position)
    rows = pa.table(columns)
    if unfit:
        left_out = {
            name: pa.nulls(len(unfit), kind)
            for name, kind in zip(rows.schema.names, rows.schema.types, strict=True)
        }
        left_out["_source_row"] = pa.array([number for number, _ in unfit], pa.int64())
        left_out["_fault"] = pa.array([code for _, code in unfit], pa.string())
        rows = pa.concat_tables([rows, pa.table(left_out)])
    encoding = (Reason("other_encoding"),) if decoded.is_utf8 else ()
    return _Table(entity, rows, (*encoding, *match.notes))


def _records(text: str, width: int) -> tuple[pa.Table, list[tuple[int, str]]]:
    """All records with `width` fields as text columns `f0` …, and number and fault of the others."""
    unfit: list[tuple[int, str]] = []

    def leave_out(row: pacsv.InvalidRow) -> str:
        is_long = row.actual_columns > row.expected_columns
        unfit.append((row.number, "record_too_long" if is_long else "record_too_short"))
        return "skip"

    names = [f"f{position}" for position in range(width)]
    table = pacsv.read_csv(
        pa.py_buffer(text.encode()),
        # Only the single-threaded reader knows the numbers of the records that it leaves out.
        read_options=pacsv.ReadOptions(use_threads=False, column_names=names, skip_rows_after_names=1),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=leave_out),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[]),
    )
    return table, unfit


if __name__ == "__main__":
    preview("cadre", read)
