"""The part of the command line that keeps a deployment alive: back up, restore, roll back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ganxun.cli.options import AsJson, DataDir, read_settings
from ganxun.cli.terminal import messages, print_json, refuse, say, screen

app = typer.Typer()


@app.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="Folder of the backup; a second one adds what is new.")],
    keys_to: Annotated[Path, typer.Option("--keys-to", help="Folder of the keys, apart from the backup.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy what cannot be made again: landed bytes, raw rows, ledger, decisions, entitlements; keys apart."""
    from ganxun.backup.write import back_up
    from ganxun.cli.progress import follow

    with _keeping(), follow(messages(), "backup") as tell:
        report = back_up(read_settings(data_dir), to, keys_to, tell)
    if as_json:
        print_json(asdict(report))
    else:
        say(
            f"{report.files} files, {report.bytes / 1e6:,.1f} MB in {to}, {report.copied} of them new;"
            f" {report.keys} keys in {keys_to}"
        )


@app.command()
def restore(
    source: Annotated[Path, typer.Option("--from", help="Folder of the backup.")],
    keys: Annotated[Path, typer.Option("--keys", help="Folder of the keys.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Fill an empty data directory from a backup and its keys; the next run publishes the same warehouse."""
    from ganxun.backup.restore import restore as fill
    from ganxun.cli.progress import follow

    settings = read_settings(data_dir)
    with _keeping(), follow(messages(), "restore") as tell:
        report = fill(settings, source, keys, tell)
    if as_json:
        print_json(asdict(report))
    else:
        say(
            f"{report.files} files, {report.bytes / 1e6:,.1f} MB of {report.written_at[:16]} in"
            f" {settings.data_dir}; now `ganxun run` publishes the warehouse again"
        )


@app.command()
def rollback(
    run_id: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="A kept version; default: the one before.")
    ] = None,
    list_them: Annotated[bool, typer.Option("--list", help="Only list the kept versions.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Publish an earlier version again; readers who have the warehouse open keep their view."""
    from ganxun.steps.rollback import list_versions, roll_back

    settings = read_settings(data_dir)
    with _keeping():
        if not list_them:
            roll_back(settings, run_id)
        versions = list_versions(settings)
    if as_json:
        print_json([asdict(version) for version in versions])
        return
    from ganxun.cli.tables import Column, show_table

    columns = [
        Column("run"),
        Column("business date"),
        Column("tables", is_number=True),
        Column("MB", is_number=True),
        Column(""),
    ]
    rows = [
        (
            version.run_id,
            version.business_date.isoformat(),
            str(version.tables),
            f"{version.bytes / 1e6:,.1f}",
            "published" if version.is_published else "",
        )
        for version in versions
    ]
    show_table(screen(), columns, rows)


@contextmanager
def _keeping() -> Iterator[None]:
    """Exit 2: refused, nothing was changed; 1: another run holds the data directory."""
    from ganxun.backup.write import BackupError
    from ganxun.steps.lock import WarehouseBusy
    from ganxun.steps.rollback import RollbackRefused

    try:
        yield
    except (BackupError, RollbackRefused) as error:
        refuse(str(error))
    except WarehouseBusy as error:
        refuse(str(error), 1)
