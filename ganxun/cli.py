"""The command line: it parses and prints; the steps and the library do the work."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ganxun.cli_accept import app as accept
from ganxun.cli_access import app as access
from ganxun.cli_alert import app as alerts
from ganxun.cli_alert import tell_after_run
from ganxun.cli_parts import (
    AsJson,
    DataDir,
    messages,
    print_json,
    read_day,
    read_settings,
    screen,
)
from ganxun.cli_quarantine import app as quarantine
from ganxun.cli_questions import app as questions
from ganxun.cli_upkeep import app as upkeep
from ganxun.settings import Settings

app = typer.Typer(
    help="干训 ganxun: four systems' exports into one warehouse of officials' education and training.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals can hold names
)
app.add_typer(questions)
app.add_typer(access, name="access")
app.add_typer(quarantine, name="quarantine")
app.add_typer(upkeep)
app.add_typer(alerts)
app.add_typer(accept)


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
    alert: Annotated[
        bool, typer.Option("--alert", help="Tell people by mail and webhook if the night is in trouble.")
    ] = False,
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
    if alert:
        tell_after_run(settings, report)
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
def up(
    data_dir: DataDir = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Without a list of who may see what: one made-up user a role.")
    ] = False,
) -> None:
    """Start Airflow and Superset; print addresses and generated passwords."""
    from dashboards.access.demo import write_demo_entitlements
    from dashboards.home import SupersetHome
    from ganxun.background import ServerStartError
    from ganxun.servers import up as start_servers
    from ganxun.waiting import show_waiting

    settings = read_settings(data_dir)
    home = SupersetHome(settings.data_dir.resolve())
    has_demo_users = demo and write_demo_entitlements(home)
    try:
        with show_waiting(messages) as tell:
            addresses = start_servers(settings, tell=tell)
    except ServerStartError as error:
        messages.print(str(error), style="red", soft_wrap=True, markup=False, highlight=False)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        messages.print("What was started goes on: `ganxun up` waits for it, `ganxun down` ends it.")
        raise typer.Exit(130) from None
    for address in addresses:
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
    from ganxun.waiting import show_waiting

    with show_waiting(messages) as tell:
        stop_servers(read_settings(data_dir), tell)


if __name__ == "__main__":
    app()
