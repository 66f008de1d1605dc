"""Row rules in Superset: a unit's holder sees rows about his units; everybody else without a rule sees none.

Runs in .venv-superset, inside an application context; the caller commits.

Superset joins the rules that apply to a reader by AND, those with one group key by OR. So
* each unit and scope is a role with one rule in the group `unit`: somebody with two units sees both;
* base rules `1 = 0` hold for all but the roles named in them: whoever has neither a role that sees all rows
  nor a unit sees no row, also with a role that somebody made by hand.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from dashboards.compiler.roles import (
    MEMBER_COLUMN,
    RESTRICTED,
    UNIT_COLUMN,
    UNIT_ROLE_PREFIX,
    Roles,
)
from dashboards.compiler.sources import Sources
from dashboards.instance.access.entitlements import UNIT_CODE, UnitGrant
from dashboards.instance.access.grants import may_see_all_rows, project_datasets

RULE_PREFIX = "ganxun: "
# Base rules by name, and the kinds of tables that each is laid on. Harmless tables have none.
DENIED = {"units": ("units", "members"), "without units": ("others",), "names": ("restricted",)}


def make_clause(grant: UnitGrant, has_members: bool) -> str:
    """The condition of a unit's rows; `has_members`: the table breaks a unit down into those right below.

    Raises `ValueError` for a code that is not digits and dots: it becomes part of the SQL.
    """
    if not UNIT_CODE.fullmatch(grant.unit_code):
        raise ValueError("a unit code is digits and dots")
    if grant.scope == "subtree":
        return (
            f"{UNIT_COLUMN} IN (SELECT descendant_code FROM marts.dim_unit_closure"
            f" WHERE ancestor_code = '{grant.unit_code}')"
        )
    clause = f"{UNIT_COLUMN} = '{grant.unit_code}'"
    return clause + (f" AND {MEMBER_COLUMN} = '{grant.unit_code}'" if has_members else "")


def write_row_rules(
    roles: Roles, sources: Sources, written: dict[str, Any], units: list[UnitGrant]
) -> dict[UnitGrant, Any]:
    """Lay the rules over every dataset but the harmless ones; returns the units' roles."""
    from superset import db, security_manager
    from superset.connectors.sqla.models import RowLevelSecurityFilter

    unit_roles = {grant: security_manager.add_role(grant.superset_name) for grant in units}
    for role in unit_roles.values():
        role.permissions = []
    kinds: dict[str, list[Any]] = defaultdict(list)
    for table, dataset in project_datasets(sources).items():
        kinds[_kind(table, sources, roles)].append(dataset)

    for rule in db.session.query(RowLevelSecurityFilter).all():
        if rule.name.startswith(RULE_PREFIX):
            db.session.delete(rule)
    db.session.flush()
    admin = security_manager.find_role("Admin")
    for name, kind_names in DENIED.items():
        exempt = may_see_all_rows(roles.roles.values(), restricted=name == "names")
        db.session.add(
            RowLevelSecurityFilter(
                name=f"{RULE_PREFIX}nothing by default, {name}",
                description="Whoever has neither a role that sees all rows nor a unit sees no row.",
                filter_type="Base",
                clause="1 = 0",
                tables=[dataset for kind_name in kind_names for dataset in kinds[kind_name]],
                roles=[
                    admin,
                    *(written[role] for role in exempt),
                    *(unit_roles.values() if name == "units" else ()),
                ],
            )
        )
    for grant, role in unit_roles.items():
        for kind_name in ("units", "members"):
            if kinds[kind_name]:
                db.session.add(
                    RowLevelSecurityFilter(
                        name=f"{RULE_PREFIX}{grant.superset_name}, {kind_name}",
                        description="From data/access/entitlements.csv; changes made here are overwritten.",
                        filter_type="Regular",
                        group_key="unit",
                        clause=make_clause(grant, kind_name == "members"),
                        tables=kinds[kind_name],
                        roles=[role],
                    )
                )
    return unit_roles


def _kind(table: str, sources: Sources, roles: Roles) -> str:
    if sources.schemas[table] == RESTRICTED:
        return "restricted"
    if UNIT_COLUMN in sources.tables[table]:
        return "members" if MEMBER_COLUMN in sources.tables[table] else "units"
    return "harmless" if table in roles.harmless else "others"


def remove_unit_roles(kept: dict[UnitGrant, Any]) -> None:
    """Delete the roles of units that nobody holds any more."""
    from superset import db, security_manager

    names = {grant.superset_name for grant in kept}
    for role in db.session.query(security_manager.role_model).all():
        if role.name.startswith(UNIT_ROLE_PREFIX) and role.name not in names:
            db.session.delete(role)
