"""Dashboards as people write them: one definition each, without a word of any language, and their words.

`definitions/dashboards/<name>.yaml` says which charts a dashboard has, on which published table, in which
rows; `definitions/datasets/<table>.yaml` which figures of a table may be shown; the room `words` every title,
description and note in Chinese and English, and the labels of columns. Both environments import this module
(PyYAML only).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from words.published_tables import DBT_MODELS, Column, read_formats, read_schemas, read_tables
from words.titles import read_titles
from yaml_files import read_yaml

HERE = Path(__file__).resolve().parent


class DefinitionError(ValueError):
    """A definition or the catalogue contradicts itself; the message names the file and the key."""


@dataclass(frozen=True)
class Sources:
    """All files that an import is made from, parsed."""

    dashboards: dict[str, dict[str, Any]]
    datasets: dict[str, dict[str, Any]]
    catalogue: dict[str, dict[str, Any]]
    tables: dict[str, dict[str, Column]]
    table_texts: dict[str, dict[str, str]]
    schemas: dict[str, str]
    formats: dict[str, dict[str, str]]


def read_sources(here: Path = HERE, models: Path = DBT_MODELS) -> Sources:
    """Read every definition, the words and the dbt YAML of the published tables."""
    tables, texts = read_tables(models)
    return Sources(
        dashboards=read_dashboards(here),
        datasets=_read(here / "definitions" / "datasets"),
        catalogue=read_titles(),
        tables=tables,
        table_texts=texts,
        schemas=read_schemas(models),
        formats=read_formats(),
    )


def read_dashboards(here: Path = HERE) -> dict[str, dict[str, Any]]:
    """The definitions of all dashboards, by name."""
    return _read(here / "definitions" / "dashboards")


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: read_yaml(path) for path in sorted(folder.glob("*.yaml"))}
