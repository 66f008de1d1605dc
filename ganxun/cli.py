"""The command line: it parses and prints; the steps and the library do the work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ganxun.cli_access import app as access
from ganxun.cli_parts import (
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
from ganxun.cli_upkeep import app as upkeep
from ganxun.settings import Settings

app = typer.Typer(
    help="干训 ganxun: four systems' exports into one warehouse of officials' education and training.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals can hold names
)
explain = typer.Typer(help="Say why a published number is what it is.", no_args_is_help=True)
app.add_typer(explain, name="explain")
app.add_typer(access, name="access")
app.add_typer(upkeep)


@app.command()
def simulate(
    cadres: Annotated[int, typer.Option(min=50, help="People in the cadre-management system.")] = 2000,
    start: Annotated[str, typer.Option("--from", help="First day of history, YYYY-MM-DD.")] = "2021-01-01",
    end: Annotated[str, typer.Option("--to", help="Last business date, YYYY-MM-DD.")] = "2026-06-30",
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 7,
    nights: Annotated[int, typer.Option(min=1, help="Nights with exports of their own, up to --to.")] = 2,
    damaged_identity: Annotated[
        float, typer.Option(min=0, max=1, help="Share of names, and of numbers, mistyped in registrations.")
    ] = 0.0,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; default: samples/city-N in the data directory.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the exports of a made-up city: four systems, dirty rows included. Synthetic people only."""
    from ganxun.progress import follow
    from ganxun.simulator import SimulationPlan
    from ganxun.simulator import simulate as write_city

    first, last = read_day(start), read_day(end)
    out = out or Settings().data_dir / "samples" / f"city-{cadres}"
    try:
        with follow(messages, "simulating") as tell:
            plan = SimulationPlan(
                cadres=cadres,
                start=first,
                end=last,
                seed=seed,
                nights=nights,
                damaged_identity_share=damaged_identity,
            )
            report = write_city(plan, out, progress=lambda what, share: tell(what, round(share * 100), 100))
    except (ValueError, FileExistsError) as error:
        messages.print(f"[red]{error}[/]")
        raise typer.Exit(2) from None
    if as_json:
        print_json(asdict(report))
    else:
        screen.print(f"{report.files} files, {report.bytes / 1e6:,.1f} MB in {out}")


@app.command()
def run(
    drop: Annotated[str, typer.Option("--drop", help="Folder of exports: a path or an fsspec URL.")],
    business_date: Annotated[str, typer.Option("--date", help="Business date, YYYY-MM-DD.")],
    data_dir: DataDir = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build even if nothing has changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a whole night: land what is new, build as of the date, check, publish.

    Exit 0: published. 3: published without some source (named). 1: nothing published, last night's stands.
    """
    from ganxun.night import run_night
    from ganxun.progress import follow
    from ganxun.summary import as_json as to_json
    from ganxun.summary import show

    settings = read_settings(data_dir)
    with follow(messages, "night") as tell:
        report = run_night(settings, drop, read_day(business_date), rebuild=rebuild, progress=tell)
    if as_json:
        print_json(to_json(report, settings))
    else:
        show(report, settings, screen)
    raise typer.Exit(report.exit_code)


@app.command()
def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say what is published, how fresh each source is, and what the last runs did."""
    from ganxun.status import as_json as to_json
    from ganxun.status import read_status, show

    settings = read_settings(data_dir)
    found = read_status(settings)
    if as_json:
        print_json(to_json(found))
    else:
        show(found, screen)


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
    from ganxun.explain.cadre import explain_cadre as explain_one
    from ganxun.explain.cadre import find_name
    from ganxun.explain.published import open_published
    from ganxun.explain.show_cadre import show_cadre

    with _explaining(), open_published(read_settings(data_dir), restricted) as published:
        found = explain_one(published, key)
        if as_json:
            print_json(asdict(found))
        else:
            show_cadre(found, screen, lang, find_name(published, found.cadre["cadre_key"]))


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
    from ganxun.explain import unit as units
    from ganxun.explain.published import open_published
    from ganxun.explain.show_unit import show_topic, show_unit

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
    from ganxun.diff.report import compare_dates
    from ganxun.diff.show import show_diff
    from ganxun.diff.tables import NotComparable
    from ganxun.progress import follow
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


@app.command()
def up(
    data_dir: DataDir = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Without a list of who may see what: one made-up user a role.")
    ] = False,
) -> None:
    """Start Airflow and Superset; print addresses and generated passwords."""
    from dashboards.access.demo import write_demo_entitlements
    from dashboards.home import SupersetHome
    from ganxun.servers import up as start_servers

    settings = read_settings(data_dir)
    home = SupersetHome(settings.data_dir.resolve())
    has_demo_users = demo and write_demo_entitlements(home)
    for address in start_servers(settings, say=lambda line: messages.print(line, style="dim")):
        screen.print(
            f"[bold]{address.name}[/]  {address.url}  user {address.user}  password {address.password}"
        )
    if has_demo_users:
        screen.print(
            f"One user a role (demo-…), with first passwords: {home.first_passwords}", soft_wrap=True
        )


@app.command()
def down(data_dir: DataDir = None) -> None:
    """End the servers that `up` started."""
    from ganxun.servers import down as stop_servers

    stop_servers(read_settings(data_dir))


if __name__ == "__main__":
    app()
