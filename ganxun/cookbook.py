"""The cookbook: questions that analysts ask, each with its SQL, in docs/cookbook/NN_name.sql.

A file is a header of `-- field: text` lines and one query on the de-identified published tables, without
prefix (the search path holds `marts` and `ops`). `ganxun sql --list` lists them, `ganxun sql --example NAME`
runs one; docs/cookbook.md is written from them (`python -m ganxun.docs pages`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# Without ganxun.settings: Superset's environment imports this module too.
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "cookbook"
_FIELDS = ("title_zh", "title_en", "question_zh", "question_en", "watch_zh", "watch_en")
_FIELD = re.compile(r"-- (\w+): (.*)")
_CONTINUED = re.compile(r"--   (.*)")
_CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


class UnknownExample(LookupError):
    """No question of the cookbook has this name or number."""


@dataclass(frozen=True)
class Example:
    """One question. `empty` says when no row is the right answer; empty text: there is always a row."""

    number: int
    name: str
    title_zh: str
    title_en: str
    question_zh: str
    question_en: str
    watch_zh: str
    watch_en: str
    empty: str
    sql: str

    def title(self, lang: str) -> str:
        """The title in Chinese or English."""
        return self.title_zh if lang == "zh" else self.title_en

    def question(self, lang: str) -> str:
        """The question in Chinese or English."""
        return self.question_zh if lang == "zh" else self.question_en

    def watch(self, lang: str) -> str:
        """What to watch out for, in Chinese or English."""
        return self.watch_zh if lang == "zh" else self.watch_en


def parse_example(file_name: str, text: str) -> Example:
    """Read one file's text. Raises ValueError, naming the file, where its name or header is wrong."""
    named = re.fullmatch(r"(\d\d)_([a-z0-9_]+)\.sql", file_name)
    if named is None:
        raise ValueError(f"{file_name}: a cookbook file is called NN_name.sql")
    lines = text.splitlines()
    fields: dict[str, str] = {}
    field = ""
    header = 0
    for line in lines:
        if started := _FIELD.fullmatch(line):
            field = started[1]
            fields[field] = started[2].strip()
        elif field and (continued := _CONTINUED.fullmatch(line)):
            # Chinese is joined without a space
            gap = "" if _CJK.match(fields[field][-1:]) else " "
            fields[field] += gap + continued[1].strip()
        else:
            break
        header += 1
    missing = [name for name in _FIELDS if not fields.get(name)]
    unknown = sorted(fields.keys() - {*_FIELDS, "empty"})
    sql = "\n".join(lines[header:]).strip()
    if missing or unknown or not sql:
        raise ValueError(f"{file_name}: header lacks {missing}, has unknown {unknown}, or there is no query")
    return Example(
        number=int(named[1]),
        name=named[2],
        **{name: fields[name] for name in _FIELDS},
        empty=fields.get("empty", ""),
        sql=sql,
    )


def load_examples(folder: Path = FOLDER) -> list[Example]:
    """Every question, in the order of their numbers."""
    files = sorted(folder.glob("*.sql"))
    return [parse_example(path.name, path.read_text(encoding="utf-8")) for path in files]


def find_example(name: str) -> Example:
    """One question by its name or number. Raises `UnknownExample`."""
    for example in load_examples():
        if name in (example.name, str(example.number), f"{example.number:02}"):
            return example
    raise UnknownExample(f"no question {name!r} in the cookbook: `ganxun sql --list` lists them")


def write_page(examples: list[Example]) -> str:
    """docs/cookbook.md: every question with what to watch out for and its SQL."""
    parts = [
        "# Cookbook: questions and their SQL",
        "",
        "Written from the files of [docs/cookbook](cookbook) by `.venv/bin/python -m ganxun.docs pages`;",
        "change those. Each query runs read-only on the de-identified published file; the tests run it on a",
        "published city. `ganxun sql --list` lists them, `ganxun sql --example NAME` runs one; what the",
        "tables hold is in the [data dictionary](data-dictionary.md), how they join in the",
        "[ER diagram](er-diagram.md).",
        "",
        "本页由 docs/cookbook 下的 SQL 文件生成。每个问题都在已发布的数据上只读运行，不含个人信息；",
        "`ganxun sql --example 名称` 可直接运行。",
        "",
        "| | question | 问题 |",
        "|---|---|---|",
        *(
            f"| {example.number} | [{example.title_en}](#{example.name}) | {example.title_zh} |"
            for example in examples
        ),
    ]
    for example in examples:
        parts += [
            "",
            f'<a id="{example.name}"></a>',
            "",
            f"## {example.number}. {example.title_en} · {example.title_zh}",
            f"**{example.question_en}** {example.question_zh}",
            "",
            f"* Watch out: {example.watch_en}",
            f"* 注意：{example.watch_zh}",
            *([f"* No row means: {example.empty}"] if example.empty else []),
            "",
            f"`ganxun sql --example {example.name}`",
            "",
            "```sql",
            example.sql,
            "```",
        ]
    return "\n".join(parts) + "\n"
