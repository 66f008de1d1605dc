"""What a person reads after a night: batches, headline figures, what is published, what to open next."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from words.codes import name_code

if TYPE_CHECKING:
    from rich.console import Console

    from ganxun.night import NightReport, SourceGap
    from ganxun.settings import Settings

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
    import duckdb

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
    from ganxun.cli.tables import show_text

    _show_landings(report, console)
    for landing in report.landings:
        for fault in landing.faults:
            show_text(console, f"  ! {fault}", "yellow")
    console.print()
    show_headlines(read_headlines(settings), console, f"Headline figures 总览 {report.business_date}")
    console.print()
    _show_outcome(report, settings, console)


def show_headlines(figures: dict[str, float | None], console: Console, title: str = "") -> None:
    """Print the five figures that leadership asks for first; nothing before the first publication."""
    from ganxun.cli.tables import Column, show_table

    if not figures:
        return
    rows = []
    for name, chinese, english, pattern in HEADLINES:
        value = figures.get(name)
        rows.append((f"{chinese} {english}", "-" if value is None else pattern.format(value)))
    columns = [Column("figure"), Column("value", is_number=True)]
    show_table(console, columns, rows, title, with_headings=False)


def _describe_gap(gap: SourceGap) -> str:
    """One source in trouble, as a tired person reads it: what is missing, since when, why."""
    name = f"{gap.source} ({name_code('source', gap.source)['zh']})"
    if gap.days_behind == 0:
        return f"Incomplete {name}: {gap.reason}"
    if gap.missing_since is None:
        return f"Without {name}: {gap.reason}"
    days = "1 day" if gap.days_behind == 1 else f"{gap.days_behind} days"
    return f"Without {name} since {gap.missing_since} ({days} behind): {gap.reason}"


def _as_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _show_landings(report: NightReport, console: Console) -> None:
    """Counts of a landing.

    `again`: the same content under another name; `bad`: rejected whole, or held (the lines below say why).
    """
    from ganxun.cli.tables import Column, show_table, show_text

    counts = ("files", "again", "bad", "read", "loaded", "quarant.", "supers.")
    columns = [Column("source"), *(Column(name, is_number=True) for name in counts), Column("newest")]
    rows = [
        (
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
        for landing in report.landings
    ]
    show_table(console, columns, rows, f"Landed up to {report.business_date}")
    known = sum(landing.files_known for landing in report.landings)
    if known:
        show_text(console, f"{known} files were known and not read again", "dim")


def _show_outcome(report: NightReport, settings: Settings, console: Console) -> None:
    from ganxun.cli.tables import show_text

    if report.failure is not None:
        show_text(console, "Nothing published: last night's warehouse stands.", "bold red")
        show_text(console, report.failure)
    elif report.is_up_to_date:
        show_text(console, "Nothing new: the published warehouse is already that of this date.", "bold green")
    elif report.published is not None:
        tables = report.published.tables
        rows = f"{len(tables)} tables with {sum(tables.values()):,} rows"
        show_text(console, f"Published {rows}, run {report.published.run_id}", "bold green")
    for gap in report.gaps:
        show_text(console, _describe_gap(gap), "yellow")
    if settings.zones.warehouse.exists():
        # Paths stand alone in their lines and are not broken: they are copied.
        for line in (
            "",
            "Open next:",
            "  make up",
            "      dashboards and the scheduler, with their addresses and passwords",
            f"  .venv/bin/ganxun sql --data-dir {settings.data_dir}",
            "      the published tables in SQL",
            f"  {settings.zones.warehouse}",
            "      the same for any DuckDB client",
        ):
            show_text(console, line)
