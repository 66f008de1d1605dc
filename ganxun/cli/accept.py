"""`ganxun accept`: a person lets a suspicious fetch pass the gate."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ganxun.cli.options import AsJson, DataDir, read_settings
from ganxun.cli.terminal import print_json, refuse, remark, say

if TYPE_CHECKING:
    from connectors.held_files import Acceptance, HeldFile
    from connectors.ledger import Ledger

app = typer.Typer()


@app.command(name="accept")
def accept_files(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Paths in the drop, as --list shows them.")
    ] = None,
    why: Annotated[
        str | None,
        # --reason is what messages of version 0.1 say; it goes with the last of them
        typer.Option("--why", "--reason", help="Why so few rows are right.", metavar="TEXT"),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who says so; default: the user logged in.")] = None,
    list_them: Annotated[bool, typer.Option("--list", help="Only list what waits, with its rows.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Let files pass that were held for having far fewer rows than before; the next run loads them.

    Exit 0: recorded, also if it was before. 2: refused, nothing was changed.
    """
    from connectors.held_files import list_waiting
    from connectors.ledger import Ledger

    with Ledger(read_settings(data_dir).zones) as ledger:
        given = {}
        if not list_them:
            given = _accept_all(ledger, files or [], (why or "").strip(), (by or _find_user()).strip())
        waiting = list_waiting(ledger)
    for path, acceptance in given.items():
        is_held = any(held.file.drop.path == path for held in waiting)
        then = "the next run loads it" if is_held else "nothing is left to do"
        remark(f"{path}: accepted by {acceptance.accepted_by} at {acceptance.accepted_at[:16]} UTC; {then}")
    if as_json:
        print_json([_as_row(held) for held in waiting])
    elif list_them and not waiting:
        say("Nothing waits at the gate.")
    else:
        for held in waiting:
            word = f"accepted by {held.acceptance.accepted_by}" if held.acceptance else "waits"
            say(f"{held.file.drop.path}: {word}", "bold")
            for fall in held.falls:
                say(f"  {fall}")


def _accept_all(ledger: Ledger, files: list[str], why: str, by: str) -> dict[str, Acceptance]:
    import structlog

    from connectors.held_files import AcceptanceRefused, accept

    if not files:
        refuse("name the files to accept (--list shows what waits)")
    if not why:
        refuse("say why with --why: whoever reads the figures later will ask")
    if not by:
        refuse("say who you are with --by")
    try:
        given = accept(ledger, files, why, by)
    except AcceptanceRefused as error:
        refuse(str(error))
    structlog.get_logger().info("accepted", files=[*given])
    return given


def _find_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""  # an account without a name


def _as_row(held: HeldFile) -> dict[str, Any]:
    drop = held.file.drop
    return {
        "file": drop.path,
        "source": drop.source,
        "business_date": drop.business_date.isoformat(),
        "landed_at": held.landed_at,
        "falls": [asdict(fall) | {"share": round(fall.share, 4)} for fall in held.falls],
        "accepted_by": held.acceptance.accepted_by if held.acceptance else None,
        "accepted_at": held.acceptance.accepted_at if held.acceptance else None,
        "reason": held.acceptance.reason if held.acceptance else None,
    }
