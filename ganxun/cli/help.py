"""`--help` of a group: every command with the whole sentence that it begins with."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Commands(TyperGroup):
    """A group whose list of commands cuts no sentence, as click does where one needs two lines."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        listed = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, " ".join((one.help or "").split("\n\n")[0].split())) for name, one in listed if one]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
