"""The systemd units as data: what they would start, with which environment, for any folder of the project.

The trial (trial.py) starts exactly what the units start, so that the units are tried by every live test.
"""

from __future__ import annotations

import shlex
import socket
from dataclasses import dataclass
from pathlib import Path

from dashboards.instance.home import PROJECT_ROOT

UNITS = PROJECT_ROOT / "deploy" / "systemd"
INSTALLED_PROJECT = "/opt/ganxun"
INSTALLED_DATA = "/var/lib/ganxun"


@dataclass(frozen=True)
class Unit:
    """What a service unit starts."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path


def read_unit(name: str, data_dir: Path, project: Path = PROJECT_ROOT) -> Unit:
    """A service unit with the installed folders replaced by these."""
    values = read_values((UNITS / f"{name}.service").read_text(encoding="utf-8"))

    def here(text: str) -> str:
        return (
            text.replace(INSTALLED_PROJECT, str(project))
            .replace(INSTALLED_DATA, str(data_dir))
            .replace("%H", socket.gethostname())
        )

    (command,) = values["ExecStart"]
    settings = (entry.partition("=") for entry in values["Environment"])
    return Unit(
        name=name,
        command=shlex.split(here(command)),
        environment={key: here(value) for key, _, value in settings},
        folder=Path(here(values["WorkingDirectory"][0])),
    )


def read_values(text: str) -> dict[str, list[str]]:
    """Every assignment of a unit file; a key may stand several times."""
    values: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and line[0] not in "#;[":
            key, _, value = line.partition("=")
            values.setdefault(key.strip(), []).append(value.strip())
    return values
