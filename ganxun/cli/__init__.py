"""The command line: it parses and prints; the steps and the library do the work.

A module a topic, each with its own commands. What prints for people is here too (`show_…`, `summary`): the
library gives figures, and knows neither terminal nor colour.
"""

from __future__ import annotations

import typer

from ganxun.cli.accept import app as accept_commands
from ganxun.cli.access import app as access_commands
from ganxun.cli.alert import app as alert_commands
from ganxun.cli.help import Commands
from ganxun.cli.night import app as night_commands
from ganxun.cli.quarantine import app as quarantine_commands
from ganxun.cli.questions import app as question_commands
from ganxun.cli.servers import app as server_commands
from ganxun.cli.status import app as status_commands
from ganxun.cli.upkeep import app as upkeep_commands

app = typer.Typer(
    cls=Commands,
    help="干训 ganxun: four systems' exports into one warehouse of officials' education and training.",
    no_args_is_help=True,
    rich_markup_mode=None,  # help in frames takes as long to import as all the rest
    pretty_exceptions_show_locals=False,  # locals can hold names
)
app.add_typer(night_commands)
app.add_typer(status_commands)
app.add_typer(server_commands)
app.add_typer(question_commands)
app.add_typer(access_commands, name="access")
app.add_typer(quarantine_commands, name="quarantine")
app.add_typer(upkeep_commands)
app.add_typer(alert_commands)
app.add_typer(accept_commands)
