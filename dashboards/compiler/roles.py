"""roles.yaml, read and held against the dashboards: which role may open what.

Both environments import this module (PyYAML only).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards.compiler.sources import HERE, Sources
from yaml_files import read_yaml

ROLES_FILE = HERE / "definitions" / "roles.yaml"
# Superset's names of this project's roles begin with one of these; all other roles belong to people.
ROLE_PREFIX = "ganxun:"
UNIT_ROLE_PREFIX = "unit:"
UNIT_COLUMN = "unit_code"
# The breakdown of a unit into the units right below it.
MEMBER_COLUMN = "member_code"
RESTRICTED = "restricted"


class RolesError(ValueError):
    """roles.yaml contradicts itself or the dashboards; the message says where."""


@dataclass(frozen=True)
class Role:
    """One role: what it opens, and whether its rows are all or those of its holder's units."""

    name: str
    label: dict[str, str]
    sees_all_rows: bool
    permissions: tuple[str, ...]
    dashboards: tuple[str, ...]
    databases: tuple[str, ...]
    datasets: tuple[str, ...]
    may: tuple[str, ...]

    @property
    def superset_name(self) -> str:
        """What the role is called in Superset."""
        return ROLE_PREFIX + self.name

    @property
    def may_query(self) -> bool:
        """Has SQL Lab."""
        return "query" in self.may


@dataclass(frozen=True)
class Roles:
    """All of roles.yaml."""

    roles: dict[str, Role]
    harmless: frozenset[str]


def read_roles(path: Path = ROLES_FILE) -> Roles:
    """Read roles.yaml. Raises `RolesError` for an unknown key, group of permissions or kind of rows."""
    written: dict[str, Any] = read_yaml(path)
    groups: dict[str, list[str]] = written["permissions"]
    roles = {}
    for name, role in written["roles"].items():
        unknown = role.keys() - {"label", "rows", "may", "dashboards", "databases", "datasets"}
        unknown |= set(role["may"]) - groups.keys()
        if unknown or role.get("rows") not in ("all", "unit"):
            raise RolesError(f"{path.name}: {name} has {', '.join(sorted(unknown)) or 'no kind of rows'}")
        roles[name] = Role(
            name=name,
            label=role["label"],
            sees_all_rows=role["rows"] == "all",
            permissions=tuple(permission for group in role["may"] for permission in groups[group]),
            dashboards=tuple(role.get("dashboards") or ()),
            databases=tuple(role.get("databases") or ()),
            datasets=tuple(role.get("datasets") or ()),
            may=tuple(role["may"]),
        )
    return Roles(roles, frozenset(written.get("harmless") or ()))


def granted_tables(role: Role, sources: Sources) -> set[str]:
    """Tables that a role may read one by one: those of its dashboards and those named for it."""
    granted = set(role.datasets)
    for name in role.dashboards:
        if name in sources.dashboards:
            granted |= tables_of(sources.dashboards[name])
    return granted


def tables_of(dashboard: dict[str, Any]) -> set[str]:
    """Published tables that the charts and filters of a definition read."""
    read = {chart["table"] for chart in dashboard["charts"].values()}
    return read | {native["table"] for native in dashboard.get("filters", [])}


def role_faults(roles: Roles, sources: Sources) -> Iterator[str]:
    """What would make a role see more, or nothing, of what it was meant to; one sentence each."""
    named = {name for role in roles.roles.values() for name in role.dashboards}
    yield from (
        f"roles.yaml: no role may open the dashboard {name}"
        for name in sorted(sources.dashboards.keys() - named)
    )
    for role in roles.roles.values():
        where = f"roles.yaml: {role.name}"
        unknown = set(role.dashboards) - sources.dashboards.keys()
        yield from (f"{where} names the dashboard {name}, which does not exist" for name in sorted(unknown))
        for table in sorted(granted_tables(role, sources)):
            if table not in sources.tables:
                yield f"{where} reads {table}, which is no published table"
            elif sources.schemas[table] == RESTRICTED and RESTRICTED not in role.databases:
                yield f"{where} would read names: {table} is in the restricted file"
            elif (
                not role.sees_all_rows
                and UNIT_COLUMN not in sources.tables[table]
                and table not in roles.harmless
            ):
                yield f"{where} would read all of {table}: it has no {UNIT_COLUMN} and is not called harmless"
        if not role.sees_all_rows and (role.databases or role.may_query):
            yield f"{where} is limited to units: it can have no whole database and no SQL Lab"
