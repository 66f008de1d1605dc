"""Contracts: what one source exports, read from `connectors/<source>/contract.yml`.

A new city edits the YAML (file names, column names, aliases, code lists, limits), not Python. A key that the
models below do not know is an error at start-up, so that a typing mistake cannot switch a check off silently.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yaml_files import parse_yaml

FieldType = Literal["text", "code", "integer", "number", "boolean", "date", "time", "instant", "duration"]
Action = Literal["quarantined", "nulled"]
FileFormat = Literal["zip", "sqlite", "workbook", "ndjson"]
# Which loaded files count at a business date: the snapshot of each date, of the newest date only, or all.
Keep = Literal["each_date", "newest", "all"]

# Provenance of every raw row (docs/architecture.md, "Raw schema").
PROVENANCE = {
    "_batch_id": "VARCHAR",
    "_source_file": "VARCHAR",
    "_source_row": "BIGINT",
    "_business_date": "DATE",
    "_revision": "BIGINT",
}
SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "VARCHAR",
    "instant": "TIMESTAMPTZ",
    "duration": "DOUBLE",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldContract(_Frozen):
    """One field of a raw table: where it is found in the export and which values are allowed.

    A missing or bad value of a `required` field quarantines the row; elsewhere a bad value becomes null.
    `text` is kept as delivered, every other type is trimmed first; blank means missing in all of them.
    """

    type: FieldType
    names: tuple[str, ...] = Field(default=(), description="names in the export, the usual one first")
    json_path: str | None = Field(default=None, description="DuckDB JSON path, for nested documents")
    required: bool = False
    codes: tuple[str, ...] | None = Field(default=None, description="the only values allowed")
    minimum: float | None = None
    maximum: float | None = None
    out_of_range: Action = Field(default="quarantined", description="what happens outside minimum..maximum")
    nfkc: bool = Field(default=False, description="also write <field>_nfkc")
    formats: tuple[str, ...] = Field(default=("YYYY-MM-DD",), description="date formats, tried in order")
    values: dict[str, str] = Field(default_factory=dict, description="translation of delivered values")
    default: str | None = Field(default=None, description="value that an empty cell stands for")
    text_cell: bool = Field(default=False, description="a workbook cell that is not text is damaged")
    computed: bool = Field(default=False, description="made by the reader, not a column of the export")


class Interval(_Frozen):
    """Two fields of a row of which the second must not lie before the first."""

    start: str
    end: str


class FallLimit(_Frozen):
    """How far the rows of a night may fall before a person has to confirm the fetch (connectors/falls.py)."""

    limit: float = Field(gt=0, lt=1, description="share of the rows before that may be missing")
    from_rows: int = Field(ge=1, description="fewer rows before mean nothing: no comparison")


class EntityContract(_Frozen):
    """One raw table `<source>__<entity>`: its place in the export, key, fields and cross-field checks."""

    name: str
    container: str = Field(description="member of a zip, table, sheet or resource that holds the rows")
    key: tuple[str, ...] = Field(default=(), description="empty: exact duplicates only")
    version: str | None = Field(default=None, description="the newest value wins within a file")
    keep: Literal["first", "last"] = Field(default="last", description="of equal versions of a key")
    header_row: int = Field(default=1, ge=1)
    fields: dict[str, FieldContract]
    intervals: tuple[Interval, ...] = ()
    fall: FallLimit | None = Field(default=None, description="none: any number of rows is believed")

    @model_validator(mode="after")
    def _names_exist(self) -> EntityContract:
        named = {*self.key, *([self.version] if self.version else [])}
        named |= {name for interval in self.intervals for name in (interval.start, interval.end)}
        if unknown := named - set(self.fields):
            raise ValueError(f"{self.name}: unknown fields {sorted(unknown)}")
        return self

    def raw_columns(self) -> dict[str, str]:
        """Columns of the raw table in order, with DuckDB types: fields, their `_nfkc` twins, provenance."""
        columns: dict[str, str] = {}
        for name, field in self.fields.items():
            columns[name] = SQL_TYPES[field.type]
            if field.nfkc:
                columns[f"{name}_nfkc"] = "VARCHAR"
        return columns | PROVENANCE

    def column_names(self, name: str) -> tuple[str, ...]:
        """The names that a field may have in the export, the usual one first."""
        return self.fields[name].names or (name,)


class FilePattern(_Frozen):
    """One kind of file in a drop. Named groups of `pattern`: date, revision, entity (all optional)."""

    pattern: str
    format: FileFormat
    keep: Keep
    entities: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern; it must match the whole path below the drop."""
        return re.compile(self.pattern)

    @property
    def is_delta(self) -> bool:
        """Whether the same content under any name is a duplicate."""
        return self.keep == "all"


class NamedFile(_Frozen):
    """What the name of a file says."""

    pattern: FilePattern
    business_date: date | None
    revision: int
    entities: tuple[str, ...]


class Contract(_Frozen):
    """The whole contract of one source."""

    source: str
    files: tuple[FilePattern, ...]
    ignore: tuple[str, ...] = ()
    entities: dict[str, EntityContract]
    digest: str = Field(description="SHA-256 of the YAML: a corrected contract reads rejected files again")

    def ignores(self, path: str) -> bool:
        """Whether a path is known to be no export (temporary files, read-me files)."""
        return any(re.fullmatch(pattern, path) for pattern in self.ignore)

    def interpret(self, path: str) -> NamedFile | None:
        """What a path below the drop says about its content; None: not a name of this contract."""
        for pattern in self.files:
            match = pattern.regex.fullmatch(path)
            if match is None:
                continue
            groups = match.groupdict()
            written = (groups.get("date") or "").replace("-", "")
            try:
                day = date.fromisoformat(written) if written else None
            except ValueError:
                return None  # a name such as GBGL_20260631.zip: nobody knows which night it is
            entity = groups.get("entity")
            return NamedFile(
                pattern=pattern,
                business_date=day,
                revision=int(groups.get("revision") or 1),
                entities=(entity,) if entity else pattern.entities,
            )
        return None


def parse_contract(text: str) -> Contract:
    """Parse a contract. Raises pydantic's ValidationError naming the place of a mistake."""
    document = parse_yaml(text)
    for name, entity in document["entities"].items():
        entity.setdefault("container", name)
        entity["name"] = name
    return Contract(**document, digest=hashlib.sha256(text.encode()).hexdigest())


@cache
def load_contract(source: str) -> Contract:
    """The contract of a source, from `connectors/<source>/contract.yml`."""
    return parse_contract((Path(__file__).parent / source / "contract.yml").read_text(encoding="utf-8"))
