"""Published tables as the dbt YAML describes them: labels, meanings (doc blocks resolved), schemas.

Their columns' formats stand in `formats.yaml`: dbt knows of no charts and no workbooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from words.labels import find_label, humanise, read_labels
from yaml_files import read_yaml

HERE = Path(__file__).resolve().parent
DBT_MODELS = HERE.parent / "dbt_project" / "models"


@dataclass(frozen=True)
class Column:
    """A published column: Chinese and English label, and the English description."""

    name: str
    label: Mapping[str, str]
    description: str


def read_tables(models: Path = DBT_MODELS) -> tuple[dict[str, dict[str, Column]], dict[str, dict[str, str]]]:
    """Columns, and texts `{zh, en}`, of every model that the dbt YAML below `marts` describes, by name.

    Doc blocks (`{{ doc('x') }}`) are resolved from the Markdown files beside the models.
    """
    docs, labels = _read_doc_blocks(models), read_labels()
    columns: dict[str, dict[str, Column]] = {}
    texts: dict[str, dict[str, str]] = {}
    for path in sorted((models / "marts").rglob("*.yml")):
        for model in (read_yaml(path) or {}).get("models", []):
            texts[model["name"]] = {"zh": _label_table(model), "en": _described(model, docs)}
            columns[model["name"]] = {
                column["name"]: Column(
                    name=column["name"],
                    label={
                        "zh": find_label(column["name"], column, labels) or column["name"],
                        "en": humanise(column["name"]),
                    },
                    description=_described(column, docs),
                )
                for column in model.get("columns", [])
            }
    return columns, texts


def read_schemas(models: Path = DBT_MODELS) -> dict[str, str]:
    """Published schema of every model described below `marts`: its folder's, as dbt_project.yml has it."""
    schemas: dict[str, str] = {}
    for path in sorted((models / "marts").rglob("*.yml")):
        folder = path.relative_to(models / "marts").parts[0]
        schema = folder if folder in ("ops", "restricted") else "marts"
        for model in (read_yaml(path) or {}).get("models", []):
            schemas[model["name"]] = schema
    return schemas


def read_formats(path: Path = HERE / "formats.yaml") -> dict[str, dict[str, str]]:
    """How a table's columns are written (D3's formats), by table and column; plain where nothing is said."""
    formats: dict[str, dict[str, str]] = read_yaml(path)
    return formats


def english_twin(column: str, columns: Mapping[str, Column]) -> str:
    """The column with the same content in English where the table has one, else the column itself."""
    for twin in (f"{column}_en", f"{column.removesuffix('_zh')}_en"):
        if twin in columns:
            return twin
    return column


def _label_table(model: Mapping[str, Any]) -> str:
    return str((model.get("config") or {}).get("meta", {}).get("label_zh") or model["name"])


def _described(item: Mapping[str, Any], docs: Mapping[str, str]) -> str:
    text = str(item.get("description", "")).strip()
    if text.startswith("{{") and "doc(" in text:
        name = text.split("doc(", 1)[1].split(")", 1)[0].strip("'\" ")
        text = docs.get(name, "")
    return " ".join(text.split())


def _read_doc_blocks(models: Path) -> dict[str, str]:
    blocks: dict[str, str] = {}
    for path in models.rglob("*.md"):
        for part in path.read_text(encoding="utf-8").split("{% docs ")[1:]:
            name, _, rest = part.partition("%}")
            blocks[name.strip()] = rest.split("{% enddocs %}")[0].strip()
    return blocks
