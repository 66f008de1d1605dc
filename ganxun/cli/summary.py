"""What a person reads after a night: batches, headline figures, what is published, what to open next."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from ganxun.night import NightReport, SourceGap
from ganxun.settings import Settings

SOURCE_NAMES = {"cadre": "干部管理", "academic": "教务管理", "academy": "网络学院", "mobile": "掌上学堂"}
# The five figures that leadership asks for first, for the whole tree on the business date.
HEADLINES = (
    ("due", "应训人数", "due population", "{:,.0f}"),
    ("participation_rate", "参训率", "participation rate", "{:.1%}"),
    ("nominal_coverage", "有形覆盖率", "nominal coverage (not red)", "{:.1%}"),
    ("effective_coverage", "有效覆盖率", "effective coverage (green)", "{:.1%}"),
    ("red", "红灯人数", "cadres on red", "{:,.0f}"),
)


def read_headlines(settings: Settings) -> dict[str, float | None]:
    """The five headline figures of the published warehouse; empty before the first publication."""
    if not settings.zones.warehouse.exists():
        return {}
    columns = ", ".join(name for name, *_ in HEADLINES)
    with duckdb.connect(str(settings.zones.warehouse), read_only=True) as connection:
        row = connection.execute(
            f"select {columns} from marts.mart_unit_coverage "
            "where is_current and scope = 'subtree' and parent_code is null"
        ).fetchone()
    return dict(zip((name for name, *_ in HEADLINES), row, strict=True)) if row else {}


def as_json(report: NightReport, settings: Settings) -> dict[str, Any]:
    """The report for machines."""
    return {
        "business_date": report.business_date.isoformat(),
        "exit_code": report.exit_code,
        "sources": [landing.to_dict() for landing in report.landings],
        "missing_sources": report.missing_sources,
        "gaps": [
            asdict(gap)
            | {
                "newest_business_date": _as_text(gap.newest_business_date),
                "missing_since": _as_text(gap.missing_since),
            }
            for gap in report.gaps
        ],
        "is_up_to_date": report.is_up_to_date,
        "failure": report.failure,
        "run_id": report.published.run_id if report.published else None,
        "tables": report.published.tables if report.published else {},
        "headlines": read_headlines(settings),
        "published": str(settings.zones.warehouse) if settings.zones.warehouse.exists() else None,
    }


def show(report: NightReport, settings: Settings, console: Console) -> None:
    """Print the report for people."""
    console.print(_landing_table(report))
    for landing in report.landings:
        for fault in landing.faults:
            console.print(f"  [yellow]![/] {escape(fault)}")
    figures = read_headlines(settings)
    if figures:
        console.print(_headline_table(report, figures))
    console.print(_outcome(report, settings))


def _describe_gap(gap: SourceGap) -> str:
    """One source in trouble, as a tired person reads it: what is missing, since when, why."""
    name = f"{gap.source} ({SOURCE_NAMES[gap.source]})"
    if gap.days_behind == 0:
        return f"Incomplete {name}: {gap.reason}"
    if gap.missing_since is None:
        return f"Without {name}: {gap.reason}"
    days = "1 day" if gap.days_behind == 1 else f"{gap.days_behind} days"
    return f"Without {name} since {gap.missing_since} ({days} behind): {gap.reason}"


def _as_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _landing_table(report: NightReport) -> Table:
    """Counts of a landing, narrow enough for a terminal of 80 columns.

    `again`: the same content under another name; `bad`: rejected whole, or held (the lines below say why).
    """
    table = Table(
        title=f"Landed up to {report.business_date}",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("source", no_wrap=True)
    for name in ("files", "again", "bad", "read", "loaded", "quarant.", "supers."):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("newest", no_wrap=True)
    for landing in report.landings:
        table.add_row(
            landing.source,
            f"{landing.files_landed:,}",
            f"{landing.files_duplicate:,}",
            f"{landing.files_rejected + landing.files_held:,}",
            f"{landing.rows_read:,}",
            f"{landing.rows_loaded:,}",
            f"{landing.rows_quarantined:,}",
            f"{landing.rows_superseded:,}",
            str(landing.newest_business_date or "-"),
        )
    known = sum(landing.files_known for landing in report.landings)
    if known:
        table.caption = f"{known} files were known and not read again"
        table.caption_justify = "left"
    return table


def _headline_table(report: NightReport, figures: dict[str, float | None]) -> Table:
    table = Table(
        title=f"Headline figures 总览 {report.business_date}", title_justify="left", show_header=False
    )
    table.add_column("figure")
    table.add_column("value", justify="right", style="bold")
    for name, chinese, english, pattern in HEADLINES:
        value = figures.get(name)
        table.add_row(f"{chinese} {english}", "-" if value is None else pattern.format(value))
    return table


def _outcome(report: NightReport, settings: Settings) -> Panel:
    lines = []
    if report.failure is not None:
        lines.append("[bold red]Nothing published: last night's warehouse stands.[/]")
        lines.append(report.failure)
    elif report.is_up_to_date:
        lines.append("[bold green]Nothing new: the published warehouse is already that of this date.[/]")
    elif report.published is not None:
        tables = report.published.tables
        lines.append(
            f"[bold green]Published[/] {len(tables)} tables with {sum(tables.values()):,} rows, "
            f"run {report.published.run_id}"
        )
    lines += [f"[yellow]{escape(_describe_gap(gap))}[/]" for gap in report.gaps]
    if settings.zones.warehouse.exists():
        lines += [
            "",
            "Open next:",
            "  make up",
            "      dashboards and the scheduler, with their addresses and passwords",
            f"  .venv/bin/ganxun sql --data-dir {settings.data_dir}",
            "      the published tables in SQL",
            f"  {settings.zones.warehouse}",
            "      the same for any DuckDB client",
        ]
    return Panel(Group(*lines), title="干训 ganxun", title_align="left")
