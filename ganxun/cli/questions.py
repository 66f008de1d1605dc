"""The part of the command line that answers: SQL, exports, why a number is what it is, what changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ganxun.cli.help import Commands
from ganxun.cli.options import AsJson, DataDir, Language, Scope, read_day, read_settings
from ganxun.cli.terminal import messages, pages, print_json, refuse, remark, say

app = typer.Typer()
explain = typer.Typer(cls=Commands, help="Say why a published number is what it is.", no_args_is_help=True)
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
    limit: Annotated[int, typer.Option("--limit", min=0, help="Rows shown; 0: all.")] = 200,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Query the published warehouse, read-only; --list and --example: the cookbook's questions.

    Exit 0: answered. 2: no such example, a query that DuckDB refuses. 1: nothing published.
    """
    import duckdb

    from ganxun.cli.show_query import show_result, write_csv
    from ganxun.cookbook import UnknownExample, find_example, load_examples
    from ganxun.query import open_shell, run_query

    if list_examples:
        listed = load_examples()
        if as_json:
            print_json([{**asdict(one), "sql": None} for one in listed])
        for one in [] if as_json else listed:
            say(f"{one.number:>2}  {one.name:<32}{one.title(lang)}")
        return
    if example is not None and (query is not None or restricted):
        raise typer.BadParameter("--example brings its own query, on the de-identified tables")
    settings = read_settings(data_dir)
    file = settings.zones.restricted if restricted else settings.zones.warehouse
    if not file.exists():
        refuse(f"nothing published in {settings.data_dir} yet: `ganxun run` publishes", 1)
    try:
        if example is not None:
            asked = find_example(example)
            query = asked.sql
            for line in (asked.question(lang), asked.watch(lang)):
                remark(line, "dim")
        if query is None:
            remark("--list: questions with their SQL (docs/cookbook)", "dim")
            raise typer.Exit(open_shell(file, settings.timezone))
        result = run_query(file, query, settings.timezone)
    except (UnknownExample, duckdb.Error) as error:
        refuse(str(error))
    if as_json:
        print_json(result.rows)
    elif as_csv:
        write_csv(result, sys.stdout)
    else:
        with pages() as console:
            show_result(result, console, limit)


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
    from ganxun.downloads.workbook import TooManyRowsError
    from ganxun.downloads.write import DownloadError, Wanted, find_table
    from ganxun.downloads.write import export as write_file

    if [table, query, example].count(None) != 2 or (example and restricted):
        raise typer.BadParameter("one of: a table, --query, --example (the cookbook has no names)")
    settings = read_settings(data_dir)
    if not (settings.zones.restricted if restricted else settings.zones.warehouse).exists():
        refuse(f"nothing published in {settings.data_dir} yet: `ganxun run` publishes", 1)
    try:
        if example is not None:
            asked = find_example(example)
            wanted = Wanted(asked.sql, asked.title(lang))
        else:
            wanted = find_table(table, restricted) if table else Wanted(str(query), "")
        written = write_file(settings, wanted, out, restricted=restricted, lang=lang)
    except (UnknownExample, DownloadError, TooManyRowsError, duckdb.Error, OSError) as error:
        refuse(str(error))
    if as_json:
        print_json(asdict(written))
    else:
        say(f"{written.rows:,} rows in {written.file}")


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
    import structlog

    from ganxun.cli.show_cadre import show_cadre
    from ganxun.explain.cadre import explain_cadre as explain_one
    from ganxun.explain.cadre import find_name
    from ganxun.explain.published import open_published

    with _explaining(), open_published(read_settings(data_dir), restricted) as published:
        found = explain_one(published, key)
        if as_json:
            print_json(asdict(found))
        else:
            name = find_name(published, found.cadre["cadre_key"])
            with pages() as console:
                show_cadre(found, console, lang, name)
            if restricted:
                structlog.get_logger().info("name shown", cadre_key=found.cadre["cadre_key"])


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
            if as_json:
                print_json(asdict(whole))
            else:
                with pages() as console:
                    show_unit(whole, console, lang, limit)
        else:
            part = units.explain_topic(published, code, topic)
            if as_json:
                print_json(asdict(part))
            else:
                with pages() as console:
                    show_topic(part, console, lang, limit)


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
        with follow(messages(), "diff") as tell:
            rows = 0 if as_json else limit
            report = compare_dates(settings, first, second, table=table, limit=rows, progress=tell)
    except NotComparable as error:
        refuse(str(error))
    except (BuildFailed, WarehouseBusy) as error:
        refuse(str(error), 1)
    if as_json:
        print_json(report.to_dict())
    else:
        with pages() as console:
            show_diff(report, console, lang, limit)


@contextmanager
def _explaining() -> Iterator[None]:
    """Exit 2 on an unknown key, 1 where nothing is published or the restricted file is somebody else's."""
    from ganxun.explain.published import NotPublished, UnknownKey

    try:
        yield
    except UnknownKey as error:
        refuse(str(error))
    except NotPublished as error:
        refuse(str(error), 1)
    except PermissionError:
        refuse("the restricted file belongs to somebody else: only its owner may see names", 1)
