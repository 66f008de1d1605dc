"""Why a step of a night failed, as a code and names that may leave the machine.

An error's own text may quote the data (dbt's errors do), so it is never kept: it is matched against what the
steps are known to say, and only names of models, tests and columns of this project are taken from it. What
nobody knows becomes the name of its class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ganxun.settings import PROJECT_ROOT
from ganxun.steps.machine_faults import DISK_FULL, OUT_OF_MEMORY, READ_ONLY, explain_machine_fault

MOST_NAMES = 5
_NODE = re.compile(r"(?:^dbt: |; )([a-z][a-z0-9_]{2,120}) \(")
_COLUMN = re.compile(r"\b(?:marts|ops)\.[a-z0-9_]+\.[a-z0-9_]+\b")
# What the steps say, and what is true of any of them; the first that fits counts.
_KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("busy", re.compile(r"^another run is building or publishing")),
    ("no_people", re.compile(r"^no readable cadre snapshot")),
    ("disk_full", re.compile(re.escape(DISK_FULL))),
    ("memory", re.compile(re.escape(OUT_OF_MEMORY))),
    ("read_only", re.compile(re.escape(READ_ONLY))),
    ("drop", re.compile(r"^nothing more could be landed")),
    ("publish", re.compile(r"^columns that may not be published|write-ahead log is left")),
    ("decisions", re.compile(r"^identity_decision\.csv")),
    ("model", re.compile(r"^dbt: ")),
    ("dbt", re.compile(r"^dbt could not run")),
    ("unexpected", re.compile(r"^[a-z ]+ failed unexpectedly \(")),
)
_CLASSES = {
    "ChecksFailed": "checks",
    "AirflowTaskTimeout": "timeout",
}


@dataclass(frozen=True)
class Failure:
    """A failed step: `code` has words in wording.py; `names` are of models, tests or columns, or a class."""

    code: str
    names: tuple[str, ...] = ()


def explain_text(text: str, class_name: str = "") -> Failure:
    """What a step's error means, without its text."""
    if class_name in _CLASSES:
        return Failure(_CLASSES[class_name])
    for code, pattern in _KNOWN:
        if pattern.search(text):
            return Failure(code, _NAMES[code](text) if code in _NAMES else ())
    return Failure("unexpected", (class_name,) if class_name.isidentifier() else ())


def explain_error(error: BaseException) -> Failure:
    """What an exception of a step means; what the machine lacked comes before what the step was doing."""
    return explain_text(explain_machine_fault(error) or str(error), type(error).__name__)


def _find_nodes(text: str) -> tuple[str, ...]:
    """Names before a parenthesis that hold the name of a model, seed or test of the project."""
    names = dict.fromkeys(_NODE.findall(text))
    return tuple(name for name in names if any(stem in name for stem in _project_names()))[:MOST_NAMES]


def _find_columns(text: str) -> tuple[str, ...]:
    return tuple(_COLUMN.findall(text)[:MOST_NAMES])


def _find_row(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\brow \d+", text)[:1])


def _find_class(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"failed unexpectedly \((\w+)", text)[:1])


_NAMES = {
    "model": _find_nodes,
    "publish": _find_columns,
    "decisions": _find_row,
    "unexpected": _find_class,
}


@cache
def _project_names() -> frozenset[str]:
    project = PROJECT_ROOT / "dbt_project"
    return frozenset(
        path.stem
        for folder in ("models", "seeds", "tests")
        for path in (project / folder).rglob("*")
        if path.suffix in (".sql", ".py", ".csv")
    )
