"""docs/data-dictionary.md: every published table and column in both languages, from the models' YAML."""

from __future__ import annotations

from collections.abc import Sequence

from ganxun.docs.models import SCHEMAS, Table

FILES = {
    "marts": ("warehouse.duckdb", "de-identified", "去标识"),
    "ops": ("warehouse.duckdb", "operations, no personal data", "运行数据，无个人信息"),
    "restricted": ("warehouse_restricted.duckdb", "names, owner only", "含姓名，仅限所有者"),
}


def write_dictionary(tables: Sequence[Table]) -> str:
    """The whole page: a list of tables, then each with its grain, key and columns."""
    parts = [
        "# Data dictionary · 数据字典",
        "",
        "Written from the models' YAML by `.venv/bin/python -m ganxun.docs pages`; change those. The",
        "contract of names and grains is [warehouse.md](warehouse.md), how tables join the",
        "[ER diagram](er-diagram.md).",
        "",
        "本页由模型的 YAML 生成。**键**：唯一确定一行的列；→ 表示取值来自另一张表。",
        "",
        "| table | 表 | one row per … |",
        "|---|---|---|",
        *(
            f"| [`{table.schema}.{table.name}`](#{table.schema}-{table.name}) | {_cell(table.label_zh)} "
            f"| {_cell(_first_sentence(table.description))} |"
            for table in tables
        ),
    ]
    for schema in SCHEMAS:
        file, english, chinese = FILES[schema]
        parts += ["", f"## Schema `{schema}`", f"In `{file}`: {english}. {chinese}。"]
        for table in tables:
            if table.schema == schema:
                parts += ["", *_write_table(table)]
    return "\n".join(parts) + "\n"


def _write_table(table: Table) -> list[str]:
    to = {
        reference.column: f" → `{reference.to_table}.{reference.to_column}`" for reference in table.references
    }
    key = ", ".join(f"`{column}`" for column in table.key) or "none: a list of events"
    return [
        f'<a id="{table.schema}-{table.name}"></a>',
        "",
        f"### `{table.name}` {table.label_zh}",
        f"{table.description}",
        "",
        f"Key · 键: {key}",
        "",
        "| column | 列 | meaning |",
        "|---|---|---|",
        *(
            f"| `{column.name}` | {_cell(column.label_zh)} "
            f"| {_cell(column.description)}{to.get(column.name, '')} |"
            for column in table.columns
        ),
    ]


def _first_sentence(text: str) -> str:
    return text.split(". ", maxsplit=1)[0].split(": ", maxsplit=1)[0].removeprefix("One row per ").rstrip(".")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
