"""Back-fill workbooks of former years (`academic/backfill/*.xlsx`): two sheets, columns in any order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from connectors.columns import match_columns
from connectors.contract import EntityContract, load_contract
from connectors.delivery import Batch, FileRejected, LandedFile
from connectors.reasons import Reason
from connectors.staging import Stage
from connectors.typing_sql import UNREADABLE

Cell = str | int | float | bool | date | datetime | time | timedelta | None


def read_workbook(stage: Stage, file: LandedFile) -> list[Batch]:
    """Read both sheets. Raises FileRejected on a damaged workbook, a missing sheet or required column."""
    contract = load_contract("academic")
    entities = [contract.entities[name] for name in file.drop.name.entities]
    try:
        workbook = CalamineWorkbook.from_path(str(file.local))
        if missing := [
            entity.container for entity in entities if entity.container not in workbook.sheet_names
        ]:
            raise FileRejected("sheets_missing", names=", ".join(missing))
        cells = {
            entity.name: workbook.get_sheet_by_name(entity.container).to_python(skip_empty_area=False)
            for entity in entities
        }
    except (CalamineError, OSError) as error:
        raise FileRejected("workbook_damaged", error=type(error).__name__) from error
    tables = [(entity, *_text_columns(entity, cells[entity.name])) for entity in entities]
    batches = []
    for entity, rows, notes in tables:
        stage.connection.register("sheet_rows", rows)
        try:
            batches.append(stage.write(file, entity, "sheet_rows", entity.container, notes))
        finally:
            stage.connection.unregister("sheet_rows")
    return batches


def _text_columns(
    entity: EntityContract, cells: Sequence[Sequence[Cell]]
) -> tuple[pa.Table, tuple[Reason, ...]]:
    if len(cells) < entity.header_row:
        raise FileRejected("header_missing", container=entity.container, row=entity.header_row)
    match = match_columns(entity, [_text(cell) or "" for cell in cells[entity.header_row - 1]])
    # A blank line of a sheet is no row. Row numbers are those that the spreadsheet program shows.
    numbered = [
        (number, row)
        for number, row in enumerate(cells[entity.header_row :], entity.header_row + 1)
        if any(cell not in ("", None) for cell in row)
    ]
    columns: dict[str, pa.Array] = {
        "_source_row": pa.array([number for number, _ in numbered], pa.int64()),
        "_fault": pa.nulls(len(numbered), pa.string()),
    }
    for name, field in entity.fields.items():
        # `<field>_is_text` (computed) is told by the cells of the field itself.
        position = match.positions.get(name.removesuffix("_is_text") if field.computed else name)
        as_text = _is_text if field.computed else _text_only if field.text_cell else _text
        values = [None if position is None else as_text(row[position]) for _, row in numbered]
        columns[name] = pa.array(values, pa.string())
    return pa.table(columns), match.notes


def _text(cell: Cell) -> str | None:
    """A cell as the text that a person sees: whole numbers without a point, days without a time."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | datetime | time) else str(cell)


def _text_only(cell: Cell) -> str | None:
    return cell if cell is None or isinstance(cell, str) else UNREADABLE


def _is_text(cell: Cell) -> str | None:
    return None if cell in ("", None) else str(isinstance(cell, str))
