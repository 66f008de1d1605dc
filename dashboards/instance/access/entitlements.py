"""Who is entitled to what: `data/access/entitlements.csv` (user, role, unit_code, scope), read line by line.

A line that cannot be trusted grants nothing and is reported with its number: a slip in one line locks nobody
else out, and opens nothing. A file that is missing grants nobody anything. Both environments import this
module.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from dashboards.compiler.roles import UNIT_ROLE_PREFIX, Roles

FIELDS = ["user", "role", "unit_code", "scope"]
SCOPES = ("subtree", "direct")
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
# The codes get into SQL: digits and dots, nothing else, besides standing in dim_unit.
UNIT_CODE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,15}")


class EntitlementsError(ValueError):
    """The file as a whole cannot be read; nothing is changed by it."""


@dataclass(frozen=True, order=True)
class UnitGrant:
    """Rows about one unit (`direct`), or about it and all below it (`subtree`)."""

    unit_code: str
    scope: str

    @property
    def superset_name(self) -> str:
        """The role in Superset that carries the row rule."""
        return f"{UNIT_ROLE_PREFIX}{self.unit_code}:{self.scope}"


@dataclass(frozen=True)
class Entitlement:
    """One good line."""

    user: str
    role: str
    unit: UnitGrant | None


@dataclass(frozen=True)
class Entitlements:
    """The good lines, and a sentence for each line that grants nothing."""

    granted: tuple[Entitlement, ...]
    faults: tuple[str, ...]

    @property
    def units(self) -> list[UnitGrant]:
        """Every unit and scope that somebody holds."""
        return sorted({entitlement.unit for entitlement in self.granted if entitlement.unit})

    def of(self, user: str) -> list[Entitlement]:
        """What one user holds."""
        return [entitlement for entitlement in self.granted if entitlement.user == user]

    @property
    def users(self) -> list[str]:
        """Everybody who holds something."""
        return sorted({entitlement.user for entitlement in self.granted})


def read_entitlements(path: Path, roles: Roles, units: Container[str], admin: str) -> Entitlements:
    """Read the file; without one, nobody holds anything. `units` are the published unit codes.

    Raises `EntitlementsError` if it is no CSV of these four columns, is not UTF-8, or others may write it.
    """
    if not path.exists():
        return Entitlements((), ())
    if path.stat().st_mode & 0o077:
        raise EntitlementsError(f"{path} must be readable and writable by its owner only (chmod 600)")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EntitlementsError(f"{path} is not UTF-8") from error
    reader = csv.DictReader(io.StringIO(text))
    if [name.strip() for name in reader.fieldnames or []] != FIELDS:
        raise EntitlementsError(f"{path}: the first line must be {','.join(FIELDS)}")
    granted: dict[Entitlement, int] = {}
    faults = []
    for row in reader:
        try:
            granted.setdefault(_read_row(row, roles, units, admin), reader.line_num)
        except ValueError as error:
            faults.append(f"line {reader.line_num}: {error}")
    # A role that sees every row would undo another's limits: the person holds neither until it is settled.
    mixed = {
        user
        for user in {entitlement.user for entitlement in granted}
        if len({roles.roles[e.role].sees_all_rows for e in granted if e.user == user}) > 1
    }
    faults += [
        f"line {line}: {entitlement.user} has a role that sees all rows and one that is limited to units"
        for entitlement, line in granted.items()
        if entitlement.user in mixed
    ]
    return Entitlements(tuple(e for e in granted if e.user not in mixed), tuple(faults))


def _read_row(row: dict[str, str], roles: Roles, units: Container[str], admin: str) -> Entitlement:
    """The entitlement of a line. `ValueError` says what is wrong, without repeating what the line holds."""
    if None in row or any(row.get(field) is None for field in FIELDS):
        raise ValueError("there must be four fields")
    user, role, unit_code, scope = (row[field].strip() for field in FIELDS)
    if not USER.fullmatch(user):
        raise ValueError("a user is 2 to 64 letters, digits, dots, dashes or underscores")
    if user == admin:
        raise ValueError("the administrator needs no entitlement")
    if role not in roles.roles:
        raise ValueError(f"the role must be one of {', '.join(roles.roles)}")
    if roles.roles[role].sees_all_rows:
        if unit_code or scope:
            raise ValueError(f"{role} sees all rows: unit_code and scope stay empty")
        return Entitlement(user, role, None)
    if not UNIT_CODE.fullmatch(unit_code) or unit_code not in units:
        raise ValueError("no published unit has this unit_code")
    if scope not in SCOPES:
        raise ValueError(f"the scope must be one of {', '.join(SCOPES)}")
    return Entitlement(user, role, UnitGrant(unit_code, scope))
