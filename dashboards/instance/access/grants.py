"""Roles in Superset as roles.yaml says: permissions, tables, whole files, and who may open which dashboard.

Runs in .venv-superset, inside an application context. Nothing is committed here: the caller commits roles,
row rules and people together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboards.compiler.naming import SCREENS, make_uuid
from dashboards.compiler.roles import Role, Roles, RolesError, granted_tables
from dashboards.compiler.sources import Sources
from words import LOCALES


def write_roles(roles: Roles, sources: Sources) -> dict[str, Any]:
    """Give each role exactly what roles.yaml says; returns Superset's role by our name.

    Raises `RolesError` for a permission that this Superset does not have: an upgrade that renames one is
    noticed here and not by a person who suddenly sees less, or more.
    """
    from superset import security_manager

    datasets = project_datasets(sources)
    databases = project_databases()
    written = {}
    for role in roles.roles.values():
        item = security_manager.add_role(role.superset_name)
        item.permissions = [
            *(_permission(*text.split(" on ", 1)) for text in role.permissions),
            *(_permission("database_access", databases[name].perm) for name in role.databases),
            *(
                _permission("datasource_access", datasets[table].perm)
                for table in sorted(granted_tables(role, sources) & datasets.keys())
            ),
        ]
        written[role.name] = item
    # Visitors who have not logged in have no right at all, whatever somebody gave them by hand.
    security_manager.find_role("Public").permissions = []
    return written


def write_dashboard_roles(roles: Roles, sources: Sources, written: dict[str, Any]) -> None:
    """Open each dashboard to its roles only; one that no role names is left to the administrator."""
    from superset import db, security_manager
    from superset.models.dashboard import Dashboard

    nobody_else = security_manager.find_role("Admin")
    for name in sources.dashboards:
        may = [written[role.name] for role in roles.roles.values() if name in role.dashboards]
        for uuid in dashboard_uuids(name):
            found = db.session.query(Dashboard).filter_by(uuid=uuid).one_or_none()
            if found is not None:
                found.roles = may or [nobody_else]


def dashboard_uuids(name: str) -> list[str]:
    """The lasting names of a definition's dashboards: two languages, two screens."""
    return [
        make_uuid("dashboard", f"{name}/{locale}" + ("" if screen == "desk" else f"/{screen}"))
        for locale in LOCALES
        for screen in SCREENS
    ]


def project_datasets(sources: Sources) -> dict[str, Any]:
    """Superset's dataset of each published table that was imported."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable

    found = {}
    for table in sources.tables:
        item = db.session.query(SqlaTable).filter_by(uuid=make_uuid("dataset", table)).one_or_none()
        if item is not None:
            found[table] = item
    return found


def project_databases() -> dict[str, Any]:
    """Superset's two databases, by our names."""
    from superset import db
    from superset.models.core import Database

    from dashboards.compiler.compile_dataset import DATABASES

    return {
        name: db.session.query(Database).filter_by(uuid=make_uuid("database", name)).one()
        for name in DATABASES
    }


def may_see_all_rows(roles: Iterable[Role], restricted: bool) -> list[str]:
    """Names of the roles whose rows are not limited, in the de-identified or in the restricted file."""
    return [
        role.name
        for role in roles
        if role.sees_all_rows and (not restricted or "restricted" in role.databases)
    ]


def _permission(name: str, view: str) -> Any:
    from superset import security_manager

    found = security_manager.find_permission_view_menu(name, view)
    if found is None:
        raise RolesError(f"roles.yaml: this Superset has no permission {name!r} on {view!r}")
    return found
