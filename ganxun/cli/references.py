"""Footnotes of a printed explanation: rules and source files, numbered where used, listed at the end."""

from __future__ import annotations

from rich.console import Console

from ganxun.cli.tables import Column, show_table
from ganxun.explain.published import Row
from ganxun.explain.wording import Words

_MARKS = (Column(""), Column("", is_prose=True))


class References:
    """Numbers rules (R1, R2 …) and source files ([1], [2] …) in the order in which they are first used."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._rules: dict[str, Row] = {}
        self._files: dict[str, int] = {}

    def rule(self, row: Row) -> str:
        """The mark of a ledger row's rule."""
        code = row["rule_code"]
        if code is None:
            return "-"
        self._rules.setdefault(code, row)
        return f"R{list(self._rules).index(code) + 1}"

    def source(self, row: Row) -> str:
        """The mark of the file, and the row in it."""
        number = self._files.setdefault(row["source_file"], len(self._files) + 1)
        return f"[{number}] {row['source_row']}"

    def show(self, console: Console) -> None:
        """Print what the marks mean."""
        words = self._words
        if self._rules:
            rows = []
            for number, row in enumerate(self._rules.values(), start=1):
                text = row["rule_zh"] if words.lang == "zh" else row["rule_en"]
                cited = words.cite(row["rule_origin"], row["citation"])
                stands_on = words("stands_on", citation=cited)
                rows.append((f"R{number}", f"{text or row['rule_code']} {stands_on}"))
            show_table(console, _MARKS, rows, words("rules"), with_headings=False)
            console.print()
        if self._files:
            files = [(f"[{number}]", file) for file, number in self._files.items()]
            show_table(console, _MARKS, files, words("files"), with_headings=False)
