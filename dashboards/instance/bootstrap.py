"""Bring Superset to the state of the files, in one process of .venv-superset.

`python -m dashboards.instance.bootstrap` migrates the metadata, makes the administrator, imports the
bundle, removes what the bundle no longer has, and lays roles, row rules and users
(dashboards/instance/access). Running it again is harmless: an unchanged bundle is not written a second
time, access is always.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sqlite3
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dashboards.compiler.bundle import contents_for_import, fingerprint
from dashboards.compiler.compile import compile_files
from dashboards.compiler.reports import compile_reports, read_reports
from dashboards.compiler.roles import RolesError
from dashboards.compiler.sources import DefinitionError, read_sources
from dashboards.instance.access.entitlements import EntitlementsError
from dashboards.instance.access.sync import log_report, sync_access
from dashboards.instance.application import create_superset
from dashboards.instance.home import ADMIN_USER, SupersetHome
from dashboards.instance.published import read_types
from dashboards.instance.server_setup.environment import ServerSetup
from dashboards.instance.server_setup.schedules import write_schedules

logger = logging.getLogger("dashboards.instance.bootstrap")


def bootstrap(
    home: SupersetHome, *, force: bool = False, tell: Callable[[str], None] = lambda step: None
) -> bool:
    """Import the bundle for this data directory and lay its access; true if the bundle had changed.

    Access is written every time: a right given by hand ends here. The bundle's fingerprint is kept
    beside the metadata; `force` imports although it is unchanged (to undo changes made by hand). Raises
    Superset's `CommandInvalidError` if a file does not fit, and `EntitlementsError` or `RolesError`
    if access cannot be laid: then no server is started. `tell` is called with each step.
    """
    tell("reading the dashboards")
    home.create()
    setup = ServerSetup.from_environment()
    sources = read_sources()
    files = compile_files(sources, read_types(home.databases), has_workers=setup is not None)
    reports = read_reports() if setup else []
    files |= compile_reports(sources, reports)
    # The place of the metadata too: a new, empty database gets the bundle although the files are the same.
    place = hashlib.sha256(home.metadata_uri.encode()).hexdigest()[:12]
    stamp = fingerprint(files, home.databases) + "+" + version("apache-superset") + "+" + place
    last = json.loads(home.imported.read_text()) if home.imported.exists() else {"stamp": "", "uuids": []}
    is_changed = force or last["stamp"] != stamp
    if is_changed and home.metadata_uri.startswith("sqlite:"):
        _prepare_file(home)
    tell("loading Superset")
    app = create_superset()
    with app.app_context():
        if is_changed:
            tell("laying out or migrating its metadata")
            _migrate()
            admin = _administrator(home.admin_password())
            tell(f"importing {len(files)} dashboards, charts and datasets")
            _import(contents_for_import(files, home.databases), admin)
            uuids = [content["uuid"] for content in files.values() if "uuid" in content]
            for removed in _remove(set(last["uuids"]) - set(uuids)):
                logger.info("removed, no longer in the bundle: %s", removed)
        tell("laying roles, row rules and users")
        log_report(sync_access(home, sources))
        if setup:
            active = write_schedules(setup, sources, reports, _administrator(home.admin_password()))
            logger.info("reports: %d, active: %d", len(reports), len(active))
    if is_changed:
        home.imported.write_text(json.dumps({"stamp": stamp, "uuids": uuids}))
        home.first_start.unlink(missing_ok=True)
    return is_changed


def _prepare_file(home: SupersetHome) -> None:
    """The metadata's SQLite file. One whose first start was cut short is begun anew: nobody has used it yet,
    and a migration of which SQLite has kept a part fails whenever it is tried again.
    """
    if home.first_start.exists():
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{home.metadata}{suffix}").unlink(missing_ok=True)
    if not home.metadata.exists():
        home.first_start.touch(mode=0o600)
    # WAL is a property of the file: set once, kept by every later connection.
    with sqlite3.connect(home.metadata) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    home.metadata.chmod(0o600)


def _migrate() -> None:
    from flask_migrate import upgrade
    from superset import appbuilder, db, security_manager

    upgrade()
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()


def _administrator(password: str) -> Any:
    from superset import db, security_manager

    user = security_manager.find_user(username=ADMIN_USER)
    if user is None:
        role = security_manager.find_role("Admin")
        user = security_manager.add_user(
            ADMIN_USER, "系统", "管理员", "admin@localhost", role, password=password
        )
        db.session.commit()
    return user


def _import(contents: dict[str, str], admin: Any) -> None:
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    with override_user(admin):
        ImportAssetsCommand(contents).run()


def _remove(uuids: set[str]) -> list[str]:
    """Delete objects that an earlier bundle brought and this one lacks; what people made themselves stays."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    removed = []
    for model in (Dashboard, Slice, SqlaTable):
        for uuid in sorted(uuids):
            item = db.session.query(model).filter_by(uuid=uuid).first()
            if item is not None:
                removed.append(f"{model.__name__} {uuid}")
                db.session.delete(item)
    db.session.commit()
    return removed


def main() -> int:
    """Command line: `… [--force]`; the data directory is `GANXUN_DATA_DIR`."""
    parser = argparse.ArgumentParser(description="Import the dashboards into Superset")
    parser.add_argument("--force", action="store_true", help="import although the bundle is unchanged")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("dashboards").setLevel(logging.INFO)
    home = SupersetHome.from_environment()

    def tell(step: str) -> None:
        home.step.parent.mkdir(parents=True, exist_ok=True)
        home.step.write_text(step, encoding="utf-8")

    try:
        written = bootstrap(home, force=arguments.force, tell=tell)
    except (DefinitionError, EntitlementsError, RolesError) as error:
        # What people wrote is wrong: their own words, not a traceback.
        tell(str(error))
        logger.error("%s", error)
        return 1
    logger.info("dashboards imported" if written else "dashboards are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
