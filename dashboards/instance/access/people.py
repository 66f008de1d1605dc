"""Users in Superset as the entitlements say. Runs in .venv-superset, inside an application context.

Only this project's roles are given and taken; roles that people made are left with whom they were given.
Whoever left the file loses his rights with the next request, and is locked out if he has no other role.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from pathlib import Path
from typing import Any

from dashboards.compiler.roles import ROLE_PREFIX, UNIT_ROLE_PREFIX, Roles
from dashboards.instance.access.entitlements import Entitlements, UnitGrant


class FirstPasswords:
    """The owner-only file of generated first passwords; a change in Superset is not written back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._by_user: dict[str, str] = {}
        if path.exists():
            self._by_user = {
                row["user"]: row["password"]
                for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
            }

    def make(self, user: str) -> str:
        """A new password for a user."""
        self._by_user[user] = secrets.token_urlsafe(18)
        return self._by_user[user]

    def forget_all_but(self, users: list[str]) -> None:
        """Passwords of people who left need not lie here."""
        self._by_user = {user: word for user, word in self._by_user.items() if user in users}

    def write(self) -> None:
        """Replace the file by one rename; it is never readable by others, not even for a moment."""
        if not self._by_user and not self._path.exists():
            return
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([("user", "password"), *sorted(self._by_user.items())])
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text.getvalue())
        new.replace(self._path)


def write_people(
    entitlements: Entitlements,
    roles: Roles,
    written: dict[str, Any],
    unit_roles: dict[UnitGrant, Any],
    passwords: FirstPasswords,
) -> list[str]:
    """Give everybody in the file his roles, take them from everybody else; returns who was created."""
    from superset import db, security_manager
    from werkzeug.security import generate_password_hash

    created = []
    for user in entitlements.users:
        held = entitlements.of(user)
        ours = [written[name] for name in dict.fromkeys(entitlement.role for entitlement in held)]
        ours += [unit_roles[unit] for unit in dict.fromkeys(e.unit for e in held if e.unit)]
        item = security_manager.find_user(username=user)
        if item is None:
            item = _create(user, roles.roles[held[0].role].label["zh"], passwords.make(user))
            created.append(user)
        if not item.active and not item.roles:
            # Locked out when he left the file, and back now: with a new first password.
            item.active = True
            item.password = generate_password_hash(passwords.make(user))
        item.roles = [role for role in item.roles if not is_ours(role.name)] + ours
    for item in db.session.query(security_manager.user_model).all():
        if item.username not in entitlements.users and any(is_ours(role.name) for role in item.roles):
            item.roles = [role for role in item.roles if not is_ours(role.name)]
            item.active = bool(item.roles)
    passwords.forget_all_but(entitlements.users)
    return created


def is_ours(role_name: str) -> bool:
    """Is this one of the roles that this project writes?"""
    return role_name.startswith((ROLE_PREFIX, UNIT_ROLE_PREFIX))


def _create(user: str, label: str, password: str) -> Any:
    """A user with no role yet; his real name is not needed here and not kept."""
    from superset import db, security_manager
    from werkzeug.security import generate_password_hash

    item = security_manager.user_model(
        username=user,
        first_name=user,
        last_name=label,
        email=f"{user}@users.invalid",
        active=True,
        password=generate_password_hash(password),
        roles=[],
    )
    db.session.add(item)
    db.session.flush()
    return item
