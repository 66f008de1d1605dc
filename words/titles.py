"""Titles, descriptions, headings and notes of the dashboards in both languages: `catalogue/<name>.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yaml_files import read_yaml

CATALOGUE = Path(__file__).resolve().parent / "catalogue"


def read_titles(folder: Path = CATALOGUE) -> dict[str, dict[str, Any]]:
    """The words of each dashboard by its name; `links` has those of the links in tables."""
    return {path.stem: read_yaml(path) for path in sorted(folder.glob("*.yaml"))}
