"""The part of the command line that starts and ends Airflow and Superset."""

from __future__ import annotations

from typing import Annotated

import typer

from ganxun.cli.options import DataDir, read_settings
from ganxun.cli.terminal import messages, refuse, remark, say

app = typer.Typer()


@app.command()
def up(
    data_dir: DataDir = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Without a list of who may see what: one made-up user a role.")
    ] = False,
) -> None:
    """Start Airflow and Superset; print addresses and generated passwords."""
    from dashboards.instance.access.demo import write_demo_entitlements
    from dashboards.instance.home import SupersetHome
    from ganxun.background import ServerStartError
    from ganxun.cli.waiting import show_waiting
    from ganxun.servers import up as start_servers

    settings = read_settings(data_dir)
    home = SupersetHome(settings.data_dir.resolve())
    has_demo_users = demo and write_demo_entitlements(home)
    try:
        with show_waiting(messages()) as tell:
            addresses = start_servers(settings, tell=tell)
    except ServerStartError as error:
        refuse(str(error), 1)
    except KeyboardInterrupt:
        remark("What was started goes on: `ganxun up` waits for it, `ganxun down` ends it.")
        raise typer.Exit(130) from None
    for address in addresses:
        say(f"{address.name}  {address.url}  user {address.user}  password {address.password}")
    if has_demo_users:
        say(f"One user a role (demo-…), with first passwords: {home.first_passwords}")


@app.command()
def down(data_dir: DataDir = None) -> None:
    """End the servers that `up` started."""
    from ganxun.cli.waiting import show_waiting
    from ganxun.servers import down as stop_servers

    with show_waiting(messages()) as tell:
        stop_servers(read_settings(data_dir), tell)
