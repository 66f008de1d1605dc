"""docs/er-diagram.md: how the published tables join, in Mermaid, from the models' relationships tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ganxun.docs.models import Reference, Table

# what a reader looks for, in reading order; a folder that is not here comes last under its own name
SUBJECTS = {
    "unit": "Units · 单位",
    "cadre": "Cadres · 干部",
    "training": "Training · 培训记录",
    "course": "Courses and teachers · 课程师资",
    "call_up": "Call-up and warnings · 调训与预警",
    "online": "Online learning · 网络学习",
    "quality": "Quality · 质量",
    "board": "Boards · 面板",
    "plan": "Plan indicators · 规划指标",
    "shared": "Shared · 公共",
    "ops": "Operations · 运行",
    "restricted": "Restricted · 受限",
}


def write_er_diagram(tables: Sequence[Table]) -> str:
    """The whole page: dimensions and facts first, then each subject with its keys."""
    by_name = {table.name: table for table in tables}
    core = [table for table in tables if table.name.startswith(("dim_", "fct_"))]
    parts = [
        "# ER diagram · 实体关系图",
        "",
        "Written from the models' relationships tests by `.venv/bin/python -m ganxun.docs pages`; change",
        "those. Each line is a test that every night passes before it is published. Shown are keys (PK) and",
        "references (FK); all columns are in the [data dictionary](data-dictionary.md).",
        "",
        "每条连线对应一项每夜必过的关系测试；只列主键（PK）和引用列（FK），全部列见数据字典。",
        "",
        "## Dimensions and facts · 维度与事实",
        *_write_diagram(core, by_name, with_columns=False),
    ]
    subjects = {table.subject for table in tables}
    ordered = [*(name for name in SUBJECTS if name in subjects), *sorted(subjects - SUBJECTS.keys())]
    for subject in ordered:
        members = [table for table in tables if table.subject == subject]
        parts += [
            "",
            f"## {SUBJECTS.get(subject, subject)}",
            *_write_diagram(members, by_name, with_columns=True),
        ]
    return "\n".join(parts) + "\n"


def _write_diagram(members: Sequence[Table], by_name: dict[str, Table], *, with_columns: bool) -> list[str]:
    lines = ["```mermaid", "erDiagram"]
    shown = {table.name for table in members}
    for table in members:
        lines += _write_entity(table, with_columns)
    for table in members:
        for reference in table.references:
            # a reference to a seed leads to nothing that is published
            if reference.to_table in (shown if not with_columns else by_name):
                lines.append(_write_line(table, reference))
    return [*lines, "```"]


def _write_entity(table: Table, with_columns: bool) -> Iterable[str]:
    if not with_columns:
        return [f'    {table.name}["{table.name} {table.label_zh}"]']
    referring = {reference.column for reference in table.references}
    lines = [f'    {table.name}["{table.name} {table.label_zh}"] {{']
    for column in table.columns:
        marks = [
            *(["PK"] if column.name in table.key else []),
            *(["FK"] if column.name in referring else []),
        ]
        if marks:
            lines.append(f'        column {column.name} {", ".join(marks)} "{column.label_zh}"')
    return [*lines, "    }"]


def _write_line(table: Table, reference: Reference) -> str:
    one = "||" if reference.is_required else "|o"
    many = "o|" if table.key == (reference.column,) else "o{"
    return f'    {reference.to_table} {one}--{many} {table.name} : "{reference.column}"'
