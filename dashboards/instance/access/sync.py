"""Bring Superset's roles, row rules and users to the state of the files.

`python -m dashboards.instance.access.sync` runs in .venv-superset, at every bootstrap and whenever the
entitlements changed; a running server needs no restart, because Superset reads roles and rules anew with
each request. All of it is one transaction.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

import duckdb

from dashboards.compiler.roles import RolesError, read_roles
from dashboards.compiler.sources import Sources, read_sources
from dashboards.instance.access.entitlements import EntitlementsError, read_entitlements
from dashboards.instance.access.grants import project_databases, write_dashboard_roles, write_roles
from dashboards.instance.access.people import FirstPasswords, write_people
from dashboards.instance.access.row_rules import remove_unit_roles, write_row_rules
from dashboards.instance.access.saved_queries import write_saved_queries
from dashboards.instance.application import create_superset
from dashboards.instance.home import ADMIN_USER, SupersetHome
from ganxun.cookbook import load_examples

logger = logging.getLogger("dashboards.instance.access")


@dataclass(frozen=True)
class SyncReport:
    """What a sync found and did."""

    users: int
    created: list[str]
    units: int
    faults: tuple[str, ...]


def sync_access(home: SupersetHome, sources: Sources) -> SyncReport:
    """Write roles, row rules, users and saved queries; inside an application context.

    Raises `EntitlementsError` or `RolesError`, and then nothing was changed.
    """
    from superset import db, security_manager

    roles = read_roles()
    entitlements = read_entitlements(home.entitlements, roles, _read_units(home), ADMIN_USER)
    passwords = FirstPasswords(home.first_passwords)
    # FAB commits each new role at once: all of them are made, empty, before anything is granted.
    for name in [role.superset_name for role in roles.roles.values()] + [
        unit.superset_name for unit in entitlements.units
    ]:
        security_manager.add_role(name)
    with db.session.no_autoflush:
        written = write_roles(roles, sources)
        write_dashboard_roles(roles, sources, written)
        unit_roles = write_row_rules(roles, sources, written, entitlements.units)
        created = write_people(entitlements, roles, written, unit_roles, passwords)
        remove_unit_roles(unit_roles)
    # First the passwords: a user whose password was lost between the two could not log in.
    passwords.write()
    db.session.commit()
    askers = [
        security_manager.find_user(username=user)
        for user in entitlements.users
        if any(roles.roles[entitlement.role].may_query for entitlement in entitlements.of(user))
    ]
    write_saved_queries(load_examples(), askers, project_databases()["warehouse"], sources.schemas)
    db.session.commit()
    return SyncReport(len(entitlements.users), created, len(entitlements.units), entitlements.faults)


def _read_units(home: SupersetHome) -> set[str]:
    """Codes of the published units; before the first night there are none, so nobody can be given one."""
    if not home.warehouse.exists():
        return set()
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        if not connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = 'dim_unit'"
        ).fetchall():
            return set()
        return {code for (code,) in connection.execute("select unit_code from marts.dim_unit").fetchall()}


def log_report(report: SyncReport) -> None:
    """What the log says; codes and numbers of lines, no passwords."""
    logger.info("access: %d users, %d new, %d units", report.users, len(report.created), report.units)
    for fault in report.faults:
        logger.error("entitlements.csv grants nothing in %s", fault)


def main() -> int:
    """Command line; 0: all lines are good, 1: some grant nothing, 2: nothing was changed."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logger.setLevel(logging.INFO)
    home = SupersetHome.from_environment()
    with create_superset().app_context():
        try:
            report = sync_access(home, read_sources())
        except (EntitlementsError, RolesError) as error:
            logger.error("access: nothing was changed: %s", error)
            return 2
    log_report(report)
    print(
        f"{report.users} users, {len(report.created)} of them new, {report.units} units;"
        f" first passwords: {home.first_passwords}"
    )
    for fault in report.faults:
        print(f"grants nothing: {fault}")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
