"""`ganxun quarantine`: what was left out, and what people decide about it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ganxun.cli.help import Commands
from ganxun.cli.options import AsJson, DataDir, read_day, read_settings
from ganxun.cli.terminal import pages, print_json, refuse, remark, say

if TYPE_CHECKING:
    from rich.console import Console

    from ganxun.settings import Settings

app = typer.Typer(
    cls=Commands, help="Quarantined rows: look at them, release them, or leave them out for good."
)

Source = Annotated[str | None, typer.Option("--source", help="cadre, academic, academy or mobile.")]
Entity = Annotated[str | None, typer.Option("--entity", help="Table of the source.")]
FieldName = Annotated[str | None, typer.Option("--field", help="Field at fault.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Part of the fault's reason.")]
Day = Annotated[str | None, typer.Option("--date", help="Business date of the export, YYYY-MM-DD.")]
Target = Annotated[
    str | None,
    typer.Argument(metavar="[ROW]", help="A row, or with --all a group, as `list` and `show` name it."),
]
Every = Annotated[bool, typer.Option("--all", help="All open rows of one reason.")]
Why = Annotated[str, typer.Option("--why", help="What you found out; without names.")]
By = Annotated[str | None, typer.Option("--by", help="Who decided; default: the user of the system.")]
CountsFrom = Annotated[
    str | None,
    typer.Option("--counts-from", help="First business date that it counts for; default: the coming night."),
]


@app.command("list")
def list_groups(
    source: Source = None,
    entity: Entity = None,
    field: FieldName = None,
    reason: Reason = None,
    day: Day = None,
    open_only: Annotated[bool, typer.Option("--open/--all", help="Only what is still open, or all.")] = True,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Count what is in quarantine by source, table, field and reason; the most open rows first."""
    from ganxun.quarantine.book import Filter

    wanted = Filter(source, entity, field, reason, read_day(day) if day else None)
    with _answering(read_settings(data_dir)) as book:
        groups = book.list_groups(wanted, open_only=open_only)
        unmatched = book.list_unmatched()
    if as_json:
        print_json({"groups": groups, "unmatched": unmatched})
        return
    if groups:
        with pages() as console:
            _show_groups(groups, console)
    else:
        say("Nothing is open." if open_only else "Nothing is in quarantine.")
    if waiting := sum(one["rows_waiting"] for one in groups):
        say(f"{waiting:,} decided rows wait for the next run.")
    for one in unmatched:
        remark(
            f"Decision {one['decision_id']} ({one['decision']}, {one['entity']}): {one['rows']} rows match "
            f"nothing here: {one['why']}"
        )


@app.command()
def show(
    target: Annotated[str, typer.Argument(metavar="ROW|GROUP", help="A row, or a group of `list`.")],
    payload: Annotated[
        bool,
        typer.Option("--payload", help="Also what was delivered: personal data, owner of the data only."),
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Faults shown.")] = 50,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show rows in quarantine one by one: file, row, field, reason and what was decided."""
    from ganxun.quarantine.book import Filter

    settings = read_settings(data_dir)
    if payload and os.geteuid() != settings.data_dir.stat().st_uid:
        refuse("what was delivered is personal data: only the owner of the data folder may see it")
    with _answering(settings) as book:
        rows = book.list_rows(Filter(target=target), limit, payload=payload)
    if not rows:
        refuse("no such row or group is in quarantine; `ganxun quarantine list` has what is")
    if as_json:
        print_json(rows)
        return
    with pages() as console:
        _show_rows(rows, console)
        if payload:
            _show_payload(rows, console)


@app.command()
def release(
    why: Why,
    target: Target = None,
    every: Every = False,
    source: Source = None,
    entity: Entity = None,
    field: FieldName = None,
    reason: Reason = None,
    day: Day = None,
    corrections: Annotated[
        list[str] | None,
        typer.Option("--set", help="field=value, as the system would deliver it; repeatable."),
    ] = None,
    by: By = None,
    counts_from: CountsFrom = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Load a row, or all rows of one reason, with the next run: corrected, or as the contract can bear it."""
    _decide(
        "released", target, every, (source, entity, field, reason, day), corrections or [], why, by,
        counts_from, read_settings(data_dir), as_json,
    )  # fmt: skip


@app.command()
def discard(
    why: Why,
    target: Target = None,
    every: Every = False,
    source: Source = None,
    entity: Entity = None,
    field: FieldName = None,
    reason: Reason = None,
    day: Day = None,
    by: By = None,
    counts_from: CountsFrom = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Leave a row, or all rows of one reason, out for good: still counted as quarantined, no longer open."""
    _decide(
        "discarded", target, every, (source, entity, field, reason, day), [], why, by, counts_from,
        read_settings(data_dir), as_json,
    )  # fmt: skip


def _decide(
    verdict: Any,
    target: str | None,
    every: bool,
    filters: tuple[str | None, str | None, str | None, str | None, str | None],
    corrections: list[str],
    why: str,
    by: str | None,
    counts_from: str | None,
    settings: Settings,
    as_json: bool,
) -> None:
    from ganxun.quarantine.book import Filter
    from ganxun.quarantine.decide import Request, decide
    from ganxun.quarantine.decisions import DecisionsUnreadable
    from ganxun.quarantine.refusals import Refused

    source, entity, field, reason, day = filters
    if target is None and not every:
        refuse("name a row, or say --all with --source and --reason")
    wanted = Filter(source, entity, field, reason, read_day(day) if day else None, target)
    request = Request(
        verdict, wanted, every, why, by or getpass.getuser(), corrections,
        read_day(counts_from) if counts_from else None,
    )  # fmt: skip
    try:
        done = decide(settings, request)
    except (Refused, DecisionsUnreadable) as error:
        refuse(str(error))
    if as_json:
        print_json(asdict(done))
        return
    changes = [f"corrected: {', '.join(done.corrected)}"] if done.corrected else []
    changes += [f"left empty: {', '.join(done.emptied)}"] if done.emptied else []
    say(
        f"{done.rows:,} {'row' if done.rows == 1 else 'rows'} of {done.source} {done.entity} {done.decision}"
        + (f" ({'; '.join(changes)})" if changes else "")
        + f"; counts from the night of {done.counts_from} on. Decision {done.decision_id}"
    )


@contextmanager
def _answering(settings: Settings) -> Iterator[Any]:
    from connectors.ledger import Ledger
    from ganxun.quarantine.book import open_book
    from ganxun.quarantine.decisions import DecisionsUnreadable

    try:
        with Ledger(settings.zones) as ledger, open_book(settings, ledger) as book:
            yield book
    except DecisionsUnreadable as error:
        refuse(str(error))


def _show_groups(groups: list[dict[str, Any]], console: Console) -> None:
    from ganxun.cli.tables import Column, show_table

    columns = [
        *(Column(name) for name in ("group", "source", "table", "field")),
        Column("reason", is_prose=True, is_aside=True),
        *(Column(name, is_number=True) for name in ("open", "released", "discarded")),
        Column("newest", is_aside=True),
    ]
    rows = [
        (
            *(str(one[name] or "") for name in ("group", "source", "entity", "field", "reason")),
            *(f"{one[name]:,}" for name in ("rows_open", "rows_released", "rows_discarded")),
            one["newest_business_date"],
        )
        for one in groups
    ]
    show_table(console, columns, rows)


def _show_rows(rows: list[dict[str, Any]], console: Console) -> None:
    from ganxun.cli.tables import Column, show_table

    columns = [
        Column("row"),
        Column("file", is_aside=True),
        Column("number", is_number=True),
        Column("field"),
        Column("reason", is_prose=True, is_aside=True),
        Column("state", is_prose=True),
    ]
    shown = [
        (
            one["id"],
            one["source_file"],
            str(one["source_row"]),
            one["field"] or "",
            one["reason"],
            f"{one['state']} (next run)" if one["is_waiting"] else one["state"],
        )
        for one in rows
    ]
    show_table(console, columns, shown)


def _show_payload(rows: list[dict[str, Any]], console: Console) -> None:
    import json

    from ganxun.cli.tables import Column, show_table, show_text

    columns = [Column("field"), Column("delivered", is_prose=True), Column("corrected", is_prose=True)]
    shown: set[str] = set()
    for one in rows:
        if one["id"] in shown:
            continue
        shown.add(one["id"])
        corrected = json.loads(one["corrections"] or "{}")
        delivered = [
            (name, value or "", str(corrected[name] or "") if name in corrected else "")
            for name, value in json.loads(one["delivered"] or "{}").items()
        ]
        console.print()
        show_table(console, columns, delivered, one["id"])
        if one["why"]:
            show_text(console, f"{one['decided_by']}, {one['decided_at'][:16]}: {one['why']}")
