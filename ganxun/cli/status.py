"""`ganxun status`: what is published, how fresh each source is, what the last runs did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from ganxun.cli.options import AsJson, DataDir, find_settings
from ganxun.cli.summary import read_headlines, show_headlines
from ganxun.cli.terminal import print_json, screen

if TYPE_CHECKING:
    from rich.console import Console

    from ganxun.cli.tables import Column
    from ganxun.settings import Settings

app = typer.Typer()

FRESHNESS_COLUMNS = (
    "source", "newest_business_date", "days_behind", "missing_since", "state_en",
    "files_rejected", "files_held", "reason_en",
)  # fmt: skip


# Shorter than the names, so that a source stands in a line of 80 cells.
HEADINGS = {
    "newest_business_date": "newest",
    "missing_since": "since",
    "state_en": "state",
    "files_rejected": "bad",
    "files_held": "held",
    "reason_en": "reason",
    "table_name": "table",
    "entity": "table",
}
NUMBERS = {"days_behind", "files_rejected", "files_held", "seconds", "rows"}
PROSE = {"state_en", "reason_en", "reason", "message"}


@app.command()
def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say what is published, how fresh each source is, and what the last runs did."""
    settings = find_settings(data_dir)
    found = read_status(settings)
    if as_json:
        print_json(vars(found))
    else:
        show(found, screen())


@dataclass(frozen=True)
class Status:
    """The state of a data directory; every list is empty before the first night."""

    data_dir: str
    run_id: str | None
    freshness: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    failed_checks: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    headlines: dict[str, float | None]
    waiting: list[dict[str, Any]]


def read_status(settings: Settings) -> Status:
    """Read the published warehouse's own `ops` tables."""
    from ganxun.steps.published_links import find_published_run

    run_id = find_published_run(settings.zones)
    if run_id is None:
        return Status(str(settings.data_dir), None, [], [], [], [], {}, _list_waiting(settings))
    import duckdb

    with duckdb.connect(str(settings.zones.warehouse), read_only=True) as connection:
        connection.execute(f"set timezone = '{settings.timezone}'")

        def rows(query: str) -> list[dict[str, Any]]:
            relation = connection.sql(query)
            return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

        return Status(
            data_dir=str(settings.data_dir),
            run_id=run_id,
            freshness=[
                # a warehouse published by an older version has fewer columns
                {name: row[name] for name in FRESHNESS_COLUMNS if name in row}
                for row in rows("select * from ops.ops_freshness order by source_order")
            ],
            runs=rows(
                "select run_id, status, strftime(started_at, '%m-%d %H:%M') as started, "
                "date_diff('second', started_at, finished_at) as seconds "
                "from ops.ops_run order by started_at desc limit 10"
            ),
            failed_checks=rows(
                "select stage, suite, table_name, severity, message from ops.ops_check "
                f"where not success and run_id = '{run_id}' order by severity"
            ),
            quarantine=rows(
                'select source, entity, field, action, reason, count(*) as "rows" '
                "from ops.ops_quarantine group by all order by all"
            ),
            headlines=read_headlines(settings),
            waiting=_list_waiting(settings),
        )


def _list_waiting(settings: Settings) -> list[dict[str, Any]]:
    """What waits at the gate now, maybe since after the last publication, with the numbers."""
    if not settings.zones.ledger.exists():
        return []
    from connectors.held_files import list_waiting
    from connectors.ledger import Ledger

    with Ledger(settings.zones) as ledger:
        return [
            {
                "file": held.file.drop.path,
                "rows": "; ".join(map(str, held.falls)),
                "accepted_by": held.acceptance.accepted_by if held.acceptance else None,
            }
            for held in list_waiting(ledger)
        ]


def show(status: Status, console: Console) -> None:
    """Print the status for people."""
    from ganxun.cli.tables import show_table, show_text

    if status.run_id is None:
        show_text(console, f"Nothing published in {status.data_dir} yet.")
        return
    show_text(console, f"Published: run {status.run_id}")
    show_headlines(status.headlines, console)
    for title, rows in (
        ("Freshness", status.freshness),
        ("Waiting at the gate (ganxun accept)", status.waiting),
        ("Last runs", status.runs),
        ("Failed checks", status.failed_checks),
        ("Quarantine", status.quarantine),
    ):
        if rows:
            console.print()
            columns = [_head(name) for name in rows[0]]
            cells = [["" if value is None else str(value) for value in row.values()] for row in rows]
            show_table(console, columns, cells, title)


def _head(name: str) -> Column:
    """A column by its name in the JSON, which is the name in the tables of `ops`."""
    from ganxun.cli.tables import Column

    heading = HEADINGS.get(name, name.replace("_", " "))
    is_prose = name in PROSE
    return Column(heading, is_number=name in NUMBERS, is_prose=is_prose, is_aside=is_prose)
