"""The part of the command line that answers: SQL, exports, why a number is what it is, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.text import Text

from ganxun.cli.options import (
    AsJson,
    DataDir,
    Language,
    Scope,
    messages,
    print_json,
    read_day,
    read_settings,
    screen,
)

app = typer.Typer()
log = structlog.get_logger()
explain = typer.Typer(help="Say why a published number is what it is.", no_args_is_help=True)
app.add_typer(explain, name="explain")


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="One query; without it the DuckDB shell opens.")] = None,
    list_examples: Annotated[
        bool, typer.Option("--list", help="List the questions of the cookbook.")
    ] = False,
    example: Annotated[
        str | None, typer.Option("--example", help="Run a question of the cookbook, by name or number.")
    ] = None,
    data_dir: DataDir = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="The restricted file (owner only).")
    ] = False,
    lang: Language = "zh",
    as_json: AsJson = False,
) -> None:
    """Query the published warehouse, read-only; --list and --example: the cookbook's questions.

    Exit 0: answered. 2: no such example, a query that DuckDB refuses. 1: nothing published.
    """
    import duckdb

    from ganxun.cookbook import UnknownExample, find_example, load_examples
    from ganxun.query import open_shell, run_query, show

    if list_examples:
        listed = load_examples()
        if as_json:
            print_json([{**asdict(one), "sql": None} for one in listed])
        for one in [] if as_json else listed:
            screen.print(Text(f"{one.number:>2}  {one.name:<32}{one.title(lang)}"), soft_wrap=True)
        return
    if example is not None and (query is not None or restricted):
        raise typer.BadParameter("--example brings its own query, on the de-identified tables")
    settings = read_settings(data_dir)
    file = settings.zones.restricted if restricted else settings.zones.warehouse
    if not file.exists():
        messages.print(f"[red]nothing published in {settings.data_dir} yet: `ganxun run` publishes[/]")
        raise typer.Exit(1)
    try:
        if example is not None:
            asked = find_example(example)
            query = asked.sql
            for line in (asked.question(lang), asked.watch(lang)):
                messages.print(Text(line), style="dim")
        if query is None:
            messages.print(Text("--list: questions with their SQL (docs/cookbook)"), style="dim")
            raise typer.Exit(open_shell(file, settings.timezone))
        result = run_query(file, query, settings.timezone)
    except (UnknownExample, duckdb.Error) as error:
        messages.print(Text(str(error), style="red"))
        raise typer.Exit(2) from None
    if as_json:
        print_json(result.rows)
    else:
        show(result, screen)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write: .xlsx or .csv.")],
    table: Annotated[str | None, typer.Argument(help="A published table, the whole of it.")] = None,
    query: Annotated[str | None, typer.Option("--query", help="One query instead of a table.")] = None,
    example: Annotated[
        str | None, typer.Option("--example", help="A question of the cookbook, by name or number.")
    ] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="From the file with names; the result is owner-only.")
    ] = False,
    lang: Language = "zh",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Write a published table, a query or a question of the cookbook as an Excel or CSV file.

    Exit 0: written. 2: no such table or question, or a query that DuckDB refuses. 1: nothing published.
    """
    import duckdb

    from ganxun.cookbook import UnknownExample, find_example
    from ganxun.delivery.export import ExportError, Wanted, find_table
    from ganxun.delivery.export import export as write_file
    from ganxun.delivery.workbook import TooManyRowsError

    if [table, query, example].count(None) != 2 or (example and restricted):
        raise typer.BadParameter("one of: a table, --query, --example (the cookbook has no names)")
    settings = read_settings(data_dir)
    if not (settings.zones.restricted if restricted else settings.zones.warehouse).exists():
        messages.print(f"[red]nothing published in {settings.data_dir} yet: `ganxun run` publishes[/]")
        raise typer.Exit(1)
    try:
        if example is not None:
            asked = find_example(example)
            wanted = Wanted(asked.sql, asked.title(lang))
        else:
            wanted = find_table(table, restricted) if table else Wanted(str(query), "")
        written = write_file(settings, wanted, out, restricted=restricted, lang=lang)
    except (UnknownExample, ExportError, TooManyRowsError, duckdb.Error, OSError) as error:
        messages.print(Text(str(error), style="red"))
        raise typer.Exit(2) from None
    if as_json:
        print_json(asdict(written))
    else:
        screen.print(f"{written.rows:,} rows in {written.file}")


@explain.command("cadre")
def explain_cadre(
    key: Annotated[str, typer.Argument(help="cadre_key; with --restricted also a person code (A0000).")],
    data_dir: DataDir = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Show the name (owner of the restricted file only).")
    ] = False,
    lang: Language = "zh",
    as_json: AsJson = False,
) -> None:
    """Why a cadre's light is what it is: every record behind it, its rule and source, what is missing."""
    from ganxun.cli.show_cadre import show_cadre
    from ganxun.explain.cadre import explain_cadre as explain_one
    from ganxun.explain.cadre import find_name
    from ganxun.explain.published import open_published

    with _explaining(), open_published(read_settings(data_dir), restricted) as published:
        found = explain_one(published, key)
        if as_json:
            print_json(asdict(found))
        else:
            show_cadre(found, screen, lang, find_name(published, found.cadre["cadre_key"]))
            if restricted:
                log.info("name shown", cadre_key=found.cadre["cadre_key"])


@explain.command("unit")
def explain_unit(
    code: Annotated[str, typer.Argument(help="unit_code (B0111).")],
    topic: Annotated[
        str | None, typer.Option("--topic", help="A topic's code or name: who lacks it.")
    ] = None,
    scope: Annotated[Scope, typer.Option("--scope", help="Whose cadres are listed.")] = "subtree",
    limit: Annotated[int, typer.Option("--limit", min=0, help="Cadres shown of each list; 0: all.")] = 30,
    data_dir: DataDir = None,
    lang: Language = "zh",
    as_json: AsJson = False,
) -> None:
    """Why a unit's figures are what they are: its cadres by light, weak topics; with --topic who lacks it."""
    from ganxun.cli.show_unit import show_topic, show_unit
    from ganxun.explain import unit as units
    from ganxun.explain.published import open_published

    with _explaining(), open_published(read_settings(data_dir)) as published:
        if topic is None:
            whole = units.explain_unit(published, code, scope)
            print_json(asdict(whole)) if as_json else show_unit(whole, screen, lang, limit)
        else:
            part = units.explain_topic(published, code, topic)
            print_json(asdict(part)) if as_json else show_topic(part, screen, lang, limit)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="D1", help="Earlier business date, YYYY-MM-DD.")],
    after: Annotated[str, typer.Argument(metavar="D2", help="Later business date, YYYY-MM-DD.")],
    table: Annotated[
        str | None, typer.Option("--table", help="List the rows of this table that differ.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Cadres and rows shown; 0: all.")] = 50,
    data_dir: DataDir = None,
    lang: Language = "zh",
    as_json: AsJson = False,
) -> None:
    """Say what changed between the builds of two dates, and which cadres changed light and why.

    A date whose night is not kept is built aside; nothing that is published changes.
    """
    from ganxun.cli.progress import follow
    from ganxun.cli.show_diff import show_diff
    from ganxun.diff.report import compare_dates
    from ganxun.diff.tables import NotComparable
    from ganxun.steps.build import BuildFailed
    from ganxun.steps.lock import WarehouseBusy

    settings, first, second = read_settings(data_dir), read_day(before), read_day(after)
    try:
        with follow(messages, "diff") as tell:
            rows = 0 if as_json else limit
            report = compare_dates(settings, first, second, table=table, limit=rows, progress=tell)
    except NotComparable as error:
        messages.print(Text(str(error), style="red"))
        raise typer.Exit(2) from None
    except (BuildFailed, WarehouseBusy) as error:
        messages.print(Text(str(error), style="red"))
        raise typer.Exit(1) from None
    if as_json:
        print_json(report.to_dict())
    else:
        show_diff(report, screen, lang, limit)


@contextmanager
def _explaining() -> Iterator[None]:
    """Exit 2 on an unknown key, 1 where nothing is published or the restricted file is somebody else's."""
    from ganxun.explain.published import NotPublished, UnknownKey

    try:
        yield
    except UnknownKey as error:
        messages.print(Text(str(error), style="red"))
        raise typer.Exit(2) from None
    except NotPublished as error:
        messages.print(Text(str(error), style="red"))
        raise typer.Exit(1) from None
    except PermissionError:
        messages.print("[red]the restricted file belongs to somebody else: only its owner may see names[/]")
        raise typer.Exit(1) from None
