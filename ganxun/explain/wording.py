"""The words of explanations in Chinese and English; codes get theirs from the seed of labels."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from words.codes import name_code
from yaml_files import read_yaml

Lang = Literal["zh", "en"]
LIGHT_STYLES = {"red": "bold red", "yellow": "bold yellow", "green": "bold green"}

_RESULTS = {
    "enrolled": ("未结业", "not finished"),
    "passed": ("合格", "passed"),
    "failed": ("不合格", "failed"),
    "withdrawn": ("退学", "withdrawn"),
}


class Words:
    """Texts in one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._place = 0 if lang == "zh" else 1

    def __call__(self, name: str, **values: object) -> str:
        """A text with its values filled in."""
        return _words()[name][self.lang].format(**values)

    def label(self, code_list: str, code: str) -> str:
        """The label of a code; the code itself where nobody has given it one."""
        return name_code(code_list, code)[self.lang]

    def result(self, code: str | None) -> str:
        """The result of an enrolment."""
        return _RESULTS[code][self._place] if code in _RESULTS else "-"

    def cite(self, origin: str | None, citation: str | None) -> str:
        """What a rule stands on. A local default has no document that could be quoted in Chinese."""
        if self.lang == "zh" and origin == "local" and not re.search("[\u4e00-\u9fff]", citation or ""):
            return "本地默认（无国家规定）"
        return citation or "-"

    def colon(self) -> str:
        """What stands between a heading and its text."""
        return "：" if self.lang == "zh" else ": "


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = read_yaml(Path(__file__).parent / "words.yml")
    return words


def hours(value: float | None) -> str:
    """Hours as they stand in the ledger: to a tenth, a whole number without it."""
    if value is None:
        return "-"
    return f"{value:.1f}".removesuffix(".0")


def share(value: float | None) -> str:
    """A share in per cent; a dash where the denominator is empty."""
    return "-" if value is None else f"{value:.1%}"


def day(value: date | None) -> str:
    """A date, or a dash."""
    return "-" if value is None else value.isoformat()
