"""Footnotes of a printed explanation: rules and source files, numbered where used, listed at the end."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ganxun.explain.published import Row
from ganxun.explain.wording import Words


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
            table = new_table(words("rules"))
            table.add_column()
            table.add_column(ratio=1)
            for number, row in enumerate(self._rules.values(), start=1):
                text = row["rule_zh"] if words.lang == "zh" else row["rule_en"]
                cited = words.cite(row["rule_origin"], row["citation"])
                stands_on = words("stands_on", citation=cited)
                table.add_row(f"R{number}", Text(f"{text or row['rule_code']} {stands_on}"))
            table.show_header = False
            console.print(table)
            console.print()
        if self._files:
            table = new_table(words("files"))
            table.add_column(no_wrap=True)
            table.add_column(ratio=1, overflow="fold")
            for file, number in self._files.items():
                table.add_row(Text(f"[{number}]"), Text(file))
            table.show_header = False
            console.print(table)


def new_table(title: str) -> Table:
    """A table as explanations print it: a heading on the left, no frame."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="dim",
    )
