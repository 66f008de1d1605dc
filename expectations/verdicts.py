"""What a check says of a rule, before it is put into words (`expectations.words`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

# A count, a share, or names of tables, columns and rows; never a text of the data.
Fact = int | float | list[str]
# The fact of any finding that names the first rows at fault.
FIRST_ROWS = "first_rows"


@dataclass(frozen=True)
class Finding:
    """What a check found: a code of `expectations.words`, with the facts that its words need."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """One rule's outcome. `judged` is false where the rule could not be evaluated at all."""

    success: bool
    finding: Finding
    unexpected_count: int | None = None
    judged: bool = True

    def with_rows(self, rows: list[str]) -> Verdict:
        """The same verdict with the first rows that break the rule, if any could be named."""
        if not rows:
            return self
        return replace(self, finding=replace(self.finding, facts={**self.finding.facts, FIRST_ROWS: rows}))

    @classmethod
    def skipped(cls, why: Finding) -> Verdict:
        """Nothing to judge: a success that says why."""
        return cls(True, why, 0)

    @classmethod
    def not_judged(cls, why: Finding | None = None) -> Verdict:
        """A check that did not run is no proof of anything: it counts as failed and critical."""
        return cls(False, why or Finding("not_evaluated"), judged=False)
