"""One model's way from a change to its proof: built on the workbench, tested, and ten rows of it shown."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence

import duckdb
from rich.console import Console

from ganxun.cli.show_query import show_result
from ganxun.query import QueryResult
from ganxun.steps.column_tests import run_column_tests
from ganxun.workshop.bench import Workbench
from ganxun.workshop.dbt_session import DbtSession

SHOWN = 10
# As dbt writes it: `+name` for all before a model, too, `name+` for all behind it.
_SELECTION = re.compile(r"^(\+?)(\w+)(\+?)$")


class UnknownModel(ValueError):
    """There is no such model or seed."""


def prove(bench: Workbench, selections: Sequence[str]) -> bool:
    """Build the models selected, run their tests and show rows of those named. Returns whether all is well.

    What has changed before them since the workbench was made is built and tested, too: the rows that are
    shown are those that the project as it stands gives. `+name` also tests all else that is before the model,
    but does not build again what is as it was.
    """
    kept = bench.read_kept()
    session = DbtSession(bench.project)
    tables = session.models()
    parts = [_read_selection(selection, tables) for selection in selections]
    names = {name for _, name, _ in parts}
    kept.touched = sorted({*kept.touched, *session.list_modified(bench.state)} & tables.keys())
    bench.keep(kept)
    before = session.find_before([name for plus, name, _ in parts if plus])
    outcome = session.build(
        [
            *sorted(f"{name}{plus}" for _, name, plus in parts),
            *sorted(session.find_affected(kept.touched, names) - names),
            *(f"+{name},test_type:singular" for plus, name, _ in parts if plus),
        ],
        tests=True,
    )
    failures = run_column_tests(
        bench.work_file, session.target / "manifest.json", outcome.built | (before - outcome.failed)
    )
    for failure in failures:
        print(f"FAIL {failure.name}: {failure.rows} rows", file=sys.stderr)
    for name in sorted(names & outcome.built):
        _show_rows(bench, name, tables[name])
    return outcome.success and not failures


def _read_selection(selection: str, tables: Collection[str]) -> tuple[str, str, str]:
    found = _SELECTION.match(selection)
    if found is None or found.group(2) not in tables:
        raise UnknownModel(f"no model or seed is named {selection!r}")
    return found.group(1), found.group(2), found.group(3)


def _show_rows(bench: Workbench, name: str, table: str) -> None:
    with duckdb.connect(str(bench.work_file), read_only=True) as connection:
        connection.execute("set timezone = 'Asia/Shanghai'")
        relation = connection.sql(f"select * from {table} order by all limit {SHOWN}")
        columns = list(relation.columns)
        rows = [dict(zip(columns, row, strict=True)) for row in relation.fetchall()]
        total = connection.execute(f"select count(*) from {table}").fetchone()
    screen = Console()
    screen.print(f"{name}: {total[0] if total else 0:,} rows")
    show_result(QueryResult(columns, rows), screen, SHOWN)
