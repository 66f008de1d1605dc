"""`ganxun status`: what is published, how fresh each source is, what the last runs did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connectors.held_files import list_waiting
from connectors.ledger import Ledger
from ganxun.cli.options import AsJson, DataDir, print_json, read_settings, screen
from ganxun.cli.summary import HEADLINES, read_headlines
from ganxun.settings import Settings
from ganxun.steps.published_links import find_published_run

app = typer.Typer()

FRESHNESS_COLUMNS = (
    "source", "newest_business_date", "days_behind", "missing_since", "state_en",
    "files_rejected", "files_held", "reason_en",
)  # fmt: skip


@app.command()
def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say what is published, how fresh each source is, and what the last runs did."""
    settings = read_settings(data_dir)
    found = read_status(settings)
    if as_json:
        print_json(vars(found))
    else:
        show(found, screen)


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
    run_id = find_published_run(settings.zones)
    if run_id is None:
        return Status(str(settings.data_dir), None, [], [], [], [], {}, _list_waiting(settings))
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
    if status.run_id is None:
        console.print(f"Nothing published in {status.data_dir} yet.")
        return
    console.print(f"Published: run {status.run_id}")
    for name, chinese, english, pattern in HEADLINES:
        value = status.headlines.get(name)
        console.print(f"  {chinese} {english}: {'-' if value is None else pattern.format(value)}")
    for title, rows in (
        ("Freshness", status.freshness),
        ("Waiting at the gate (ganxun accept)", status.waiting),
        ("Last runs", status.runs),
        ("Failed checks", status.failed_checks),
        ("Quarantine", status.quarantine),
    ):
        if not rows:
            continue
        table = Table(title=title, title_justify="left")
        for column in rows[0]:
            table.add_column(column)
        for row in rows:
            table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
        console.print(table)
