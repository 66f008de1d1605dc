"""The part of the command line that decides who may see what in Superset."""

from __future__ import annotations

import typer

from ganxun.cli.help import Commands
from ganxun.cli.options import DataDir, read_settings
from ganxun.cli.terminal import refuse, remark, say

app = typer.Typer(cls=Commands, help="Who may see what in Superset.", no_args_is_help=True)


@app.callback()
def access() -> None:
    """Who may see what in Superset."""


@app.command()
def sync(data_dir: DataDir = None) -> None:
    """Bring Superset's users, roles and row rules to the state of access/entitlements.csv; no restart."""
    import subprocess

    from dashboards.instance.home import SupersetHome
    from dashboards.instance.server import SUPERSET_BIN, environment

    home = SupersetHome(read_settings(data_dir).data_dir.resolve())
    if not home.imported.exists():
        refuse("Superset has not been started yet: `ganxun up` lays the access too")
    done = subprocess.run(
        [str(SUPERSET_BIN / "python"), "-m", "dashboards.instance.access.sync"],
        env=environment(home),
        cwd=home.root,
        capture_output=True,
        text=True,
        check=False,
    )
    with home.log.open("a", encoding="utf-8") as log:
        log.write(done.stderr)
    # Superset greets with the place of its configuration.
    said = [line for line in done.stdout.splitlines() if line and not line.startswith("Loaded your LOCAL")]
    say("\n".join(said))
    if done.returncode > 1:
        remark(f"nothing was changed: see {home.log}", "red")
    raise typer.Exit(done.returncode)
