"""What a check says of a rule, before it is put into words (`expectations.results`)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Verdict:
    """One rule's outcome. `judged` is false where the rule could not be evaluated at all."""

    success: bool
    observed: str
    unexpected_count: int | None = None
    unexpected_rows: tuple[str, ...] = ()
    judged: bool = True

    def with_rows(self, rows: tuple[str, ...]) -> Verdict:
        """The same verdict with the first rows that break the rule."""
        return replace(self, unexpected_rows=rows)

    @classmethod
    def skipped(cls, why: str) -> Verdict:
        """Nothing to judge: a success that says why."""
        return cls(True, why, 0)

    @classmethod
    def not_judged(cls, why: str = "could not be evaluated") -> Verdict:
        """A check that did not run is no proof of anything: it counts as failed and critical."""
        return cls(False, why, judged=False)
