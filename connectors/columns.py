"""Matching the columns of an export with the fields of its contract."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from connectors.contract import EntityContract
from connectors.delivery import FileRejected
from connectors.reasons import Reason


def _normalised(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().upper()


@dataclass(frozen=True)
class ColumnMatch:
    """Where each field is: field name to the position of its column (absent: not exported), and notes."""

    positions: dict[str, int]
    notes: tuple[Reason, ...]


def match_columns(entity: EntityContract, header: list[str]) -> ColumnMatch:
    """Find each field's column by its names in order, whatever the case, width and blanks around.

    Unknown columns are ignored and noted; so are a missing optional column and a name used twice (the first
    counts). Raises FileRejected if the column of a required field is missing.
    """
    found: dict[str, int] = {}
    doubled = []
    for position, name in enumerate(header):
        if _normalised(name) in found:
            doubled.append(name)
        found.setdefault(_normalised(name), position)
    positions: dict[str, int] = {}
    missing, renamed = [], []
    for field, contract in entity.fields.items():
        if contract.computed:
            continue
        names = entity.column_names(field)
        present = next((name for name in names if _normalised(name) in found), None)
        if present is None:
            missing.append(names[0])
            if contract.required:
                raise FileRejected("required_column_missing", container=entity.container, column=names[0])
            continue
        if present != names[0]:
            renamed.append(f"{present} read as {names[0]}")
        positions[field] = found[_normalised(present)]
    unknown = [name for place, name in enumerate(header) if place not in positions.values() and name.strip()]
    notes = tuple(
        Reason(code, {"names": ", ".join(items)})
        for code, items in (
            ("columns_missing", missing),
            ("columns_renamed", renamed),
            ("columns_ignored", [name for name in unknown if name not in doubled]),
            ("columns_doubled", doubled),
        )
        if items
    )
    return ColumnMatch(positions, notes)
