"""The part of the command line that makes a night's exports up, and runs a whole night on exports."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ganxun.cli.alert import tell_after_run
from ganxun.cli.options import AsJson, DataDir, find_settings, read_day, read_settings
from ganxun.cli.terminal import messages, print_json, refuse, say, screen

app = typer.Typer()


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
    from ganxun.cli.progress import follow
    from simulator import SimulationPlan
    from simulator import simulate as write_city

    first, last = read_day(start), read_day(end)
    out = out or find_settings(None).data_dir / "samples" / f"city-{cadres}"
    try:
        with follow(messages(), "simulating") as tell:
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
        refuse(str(error))
    if as_json:
        print_json(asdict(report))
    else:
        say(f"{report.files} files, {report.bytes / 1e6:,.1f} MB in {out}")


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
    from ganxun.cli.progress import follow
    from ganxun.cli.summary import as_json as to_json
    from ganxun.cli.summary import show
    from ganxun.night import run_night

    settings = read_settings(data_dir)
    with follow(messages(), "night") as tell:
        report = run_night(settings, drop, read_day(business_date), rebuild=rebuild, progress=tell)
    if as_json:
        print_json(to_json(report, settings))
    else:
        show(report, settings, screen())
    if alert:
        tell_after_run(settings, report)
    raise typer.Exit(report.exit_code)
