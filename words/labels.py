"""What columns are called: by their name (`columns.yaml`), and otherwise where a table means something else.

All who show a label ask here (charts, exported files, comments in the published files, the data dictionary),
so that no two of them show different ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yaml_files import read_yaml

COLUMNS = Path(__file__).resolve().parent / "columns.yaml"


def read_labels(path: Path = COLUMNS) -> dict[str, str]:
    """Chinese labels by the column's name, one for all tables."""
    labels: dict[str, str] = read_yaml(path)
    return labels


def find_label(name: str, column: Mapping[str, Any], labels: Mapping[str, str]) -> str | None:
    """The Chinese label of a column as dbt's YAML or manifest has it: its own, else that of its name.

    None where there is neither: who asks says what becomes of it.
    """
    own = ((column.get("config") or {}).get("meta") or {}).get("label_zh")
    return own or labels.get(name)


def humanise(name: str) -> str:
    """The English label, which is the name's own words: `effective_coverage` is "Effective coverage"."""
    text = name.removesuffix("_zh").removesuffix("_en").removesuffix("_name").replace("_", " ").strip()
    return text[:1].upper() + text[1:]
