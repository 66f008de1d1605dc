"""Labels of codes (lights, sources, severities ...) in both languages, from the seed code_label.csv.

Tables get them by a join; what speaks without a table (messages, the command line, colours) asks here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CODE_LABELS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "code_label.csv"


@cache
def read_codes() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Labels `{zh, en}` by code list and code."""
    with CODE_LABELS.open(encoding="utf-8", newline="") as file:
        return {
            (row["code_list"], row["code"]): {"zh": row["label_zh"], "en": row["label_en"]}
            for row in csv.DictReader(file)
        }


def name_code(code_list: str, code: str) -> Mapping[str, str]:
    """The labels `{zh, en}` of a code; the code itself where nobody has given it one."""
    return read_codes().get((code_list, code), {"zh": code, "en": code})
