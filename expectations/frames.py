"""From Arrow tables to the small pandas frames that Great Expectations judges.

Only the columns that a table's rules name are converted. Instants become local times of
Asia/Shanghai, as all days of the project are. A suite can ask for derived columns:

* an expression over columns (`due - red - yellow - green`), evaluated by pandas;
* `{column: a0195, refers_to: unit.b0111}`: true where the value is in the other table's column;
* `{column: a0184, valid_id_number: true}`: true where it is a well-formed citizen ID number.

A null stays null in the last two. Where the other table of a reference was not delivered (an NDJSON
file holds one resource), the derived column is unknown and its rules are not judged.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.id_numbers import are_valid
from expectations.suites import Rule, TableRules

if TYPE_CHECKING:
    import pandas as pd

LOCAL_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Frame:
    """A table ready to be judged: what it lacks is told, not raised."""

    data: pd.DataFrame
    missing: Mapping[str, str]
    unusable: frozenset[str]
    not_delivered: Mapping[str, str]


def build_frame(rules: TableRules, table: pa.Table, tables: Mapping[str, pa.Table]) -> Frame:
    """Project, convert and derive what the rules of one table need; `tables` are for its references.

    `missing` maps a column, derived or not, to what the table ought to have for it and has not;
    `unusable` are derived columns whose inputs have the wrong type; `not_delivered` maps a derived
    column to the table that its reference needs.
    """
    needed = {name for rule in rules.rules for name in columns_of(rule)}
    derived = {name: how for name, how in rules.derived.items() if name in needed}
    inputs = {name: _inputs_of(how) for name, how in derived.items()}
    plain = (needed - set(derived)) | set().union(*inputs.values(), {rules.row_id})
    have = set(table.column_names)
    missing = {name: name for name in plain - have}
    data = to_pandas(table.select([name for name in table.column_names if name in plain]))
    unusable: set[str] = set()
    not_delivered: dict[str, str] = {}
    for name, how in derived.items():
        if inputs[name] - have:
            missing[name] = ", ".join(sorted(inputs[name] - have))
        elif isinstance(how, str):
            try:
                data[name] = data.eval(how, engine="python")
            except (TypeError, AttributeError, ValueError):
                # a text where days or numbers belong: told as a check that could not be made
                unusable.add(name)
        elif "refers_to" in how:
            other, column = how["refers_to"].split(".")
            if other not in tables:
                not_delivered[name] = other
            else:
                known = table if other == rules.table else tables[other]
                if column not in known.column_names:
                    missing[name] = how["refers_to"]
                else:
                    data[name] = find_references(table[how["column"]], known[column]).to_pandas()
        else:
            data[name] = are_valid(table[how["column"]]).to_pandas()
    return Frame(data, missing, frozenset(unusable), not_delivered)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Convert, with dates as numpy dates (far quicker than objects), local instants and plain floats."""
    for index, column in enumerate(table.schema):
        values = table.column(index)
        if pa.types.is_timestamp(column.type) and column.type.tz is not None:
            values = pc.local_timestamp(values.cast(pa.timestamp("us", LOCAL_ZONE)))
        elif pa.types.is_decimal(column.type):
            # pandas keeps decimals as objects, which do not mix with floats
            values = values.cast(pa.float64())
        table = table.set_column(index, column.name, values)
    return table.to_pandas(date_as_object=False)


def find_references(values: pa.ChunkedArray, known: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where a value is among the known ones, null where there is no value."""
    found = pc.is_in(values, value_set=known.cast(values.type).unique())
    return pc.if_else(pc.is_valid(values), found, pa.scalar(None, pa.bool_()))


def columns_of(rule: Rule) -> set[str]:
    """Every column that a rule reads, its row condition's too."""
    columns = {rule.kwargs[key] for key in ("column", "column_A", "column_B") if key in rule.kwargs}
    columns |= set(rule.kwargs.get("column_list", ()))
    return columns | _names_in(rule.kwargs.get("row_condition", "None"))


def columns_read(rules: TableRules) -> dict[str, set[str]]:
    """The columns that a table's rules read, by table: its own, and those that its references point to.

    Frames need no others: a caller with a large table may leave them behind.
    """
    needed = {name for rule in rules.rules for name in columns_of(rule)}
    derived = [how for name, how in rules.derived.items() if name in needed]
    own = (needed - set(rules.derived)) | set().union(*(_inputs_of(how) for how in derived)) | {rules.row_id}
    read = {rules.table: own}
    for how in derived:
        if not isinstance(how, str) and "refers_to" in how:
            other, column = how["refers_to"].split(".")
            read.setdefault(other, set()).add(column)
    return read


def _inputs_of(how: str | Mapping[str, Any]) -> set[str]:
    return _names_in(how) if isinstance(how, str) else {how["column"]}


def _names_in(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}
