"""What an expectation found, in words and numbers that hold nothing personal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from expectations.verdicts import FIRST_ROWS, Fact

SEVERITIES = ("critical", "warning", "info")
PRINTABLE_ROW = re.compile(r"[A-Za-z0-9_.:/#-]{1,80}")
LOOKS_LIKE_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{15}|\d{17}[0-9Xx])(?![0-9A-Za-z])")


@dataclass(frozen=True)
class CheckResult:
    """One expectation judged on one table.

    `expectation` is the rule's name in the suite's YAML, unique within a table. `column` is null for
    a rule about the whole table. What was found is `code` with its `facts` (`expectations.words`), which hold
    counts, shares, bounds and names of tables, columns and rows, never a text of the data; `observed` and
    `message` say it in English. `unexpected_count` is null where the rule judges an aggregate.
    """

    suite: str
    table: str
    expectation: str
    column: str | None
    severity: str
    success: bool
    code: str
    facts: Mapping[str, Fact]
    observed: str
    unexpected_count: int | None
    message: str

    @property
    def unexpected_rows(self) -> tuple[str, ...]:
        """The first few source rows (landing) or keys (marts) that break the rule."""
        rows = self.facts.get(FIRST_ROWS)
        return tuple(rows) if isinstance(rows, list) else ()


def find_blocking(results: list[CheckResult]) -> list[CheckResult]:
    """The failed critical ones: the delivery is held back, or the marts stay unpublished."""
    return [result for result in results if not result.success and result.severity == "critical"]


def describe_row(value: object) -> str:
    """A row number or key as text; anything that could be a person's name or ID number is hidden.

    A fault can put personal data where a key belongs (an unhashed `cadre_key`, say), and this text
    ends up in logs.
    """
    text = str(value)
    if PRINTABLE_ROW.fullmatch(text) is None or LOOKS_LIKE_ID_NUMBER.search(text):
        return "(hidden)"
    return text
