"""What dbt has read of the project serves every night: nothing of it may hang on the business date.

Matters because a night of another date takes the kept reading (ganxun/steps/dbt_build.py). To mend a failure:
let a SQL model ask for the date (`as_of()`), and read that.
"""

from __future__ import annotations

import re
from pathlib import Path

from ganxun.steps.build import DBT_PROJECT

ASKS = re.compile(r"""var\(\s*['"]as_of['"]""")
SETTLED_IN_SQL = re.compile(r"\{\{-?\s*config\(.*?\}\}", re.DOTALL)
# A unit test states its date itself, in `overrides`.


def find_early_questions(project: Path) -> list[str]:
    """Files that ask for the business date where dbt settles it once for all nights."""
    found = []
    for path in sorted(project.rglob("*.*")):
        if "target" in path.relative_to(project).parts or path.suffix not in (".sql", ".yml", ".py", ".md"):
            continue
        text = path.read_text(encoding="utf-8")
        settled = SETTLED_IN_SQL.findall(text) if path.suffix == ".sql" else [text]
        if any(ASKS.search(part) or ("as_of()" in part and path.suffix != ".md") for part in settled):
            found.append(path.relative_to(project).as_posix())
    return found


def test_a_night_is_never_built_with_the_date_of_the_night_before() -> None:
    assert find_early_questions(DBT_PROJECT) == []


def test_a_configuration_that_asks_for_the_date_is_found(copied_project: Path) -> None:
    models = copied_project / "models"
    (models / "a.yml").write_text("models: [{name: a, config: {as_of: \"{{ var('as_of') }}\"}}]")
    (models / "b.sql").write_text(
        "{{ config(\n  enabled=var(\"as_of\") > '2026'\n) }} select {{ as_of() }} as d"
    )
    (models / "c.sql").write_text("select {{ as_of() }} as day")
    assert find_early_questions(copied_project) == ["models/a.yml", "models/b.sql"]
