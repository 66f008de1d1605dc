"""A throw-away AIRFLOW_HOME for the tests of dags/.

Airflow reads its configuration when it is imported, so the environment is set here, before any test module
of this folder is. `dag.test()` writes runs and asset events: never into a deployment's metadata.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganxun.servers import DAGS_FOLDER, airflow_environment
from ganxun.settings import Settings
from tests.alerts.servers import MailServer, serve_mail

assert "airflow" not in sys.modules, "Airflow was imported before its throw-away home was set"

_HOME = Path(tempfile.mkdtemp(prefix="ganxun-airflow-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.update(
    {
        name: value
        for name, value in airflow_environment(Settings(data_dir=_HOME)).items()
        if name.startswith("AIRFLOW")
    }
)


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    """A mail server for the messages of nights."""
    with serve_mail() as server:
        yield server


def lead_mail_to(server: MailServer, patch: pytest.MonkeyPatch) -> None:
    """Let the tasks send their messages to this server."""
    for name, value in {
        "GANXUN_ALERT_MAIL_TO": "zhiban@example.test",
        "GANXUN_SMTP_PORT": str(server.port),
        "GANXUN_SMTP_STARTTLS": "no",
        "GANXUN_ALERT_FIRST_WAIT_SECONDS": "0",
    }.items():
        patch.setenv(name, value)


@pytest.fixture(scope="session")
def dag_bag():
    """Every DAG of the project, parsed as the DAG processor does, in a migrated metadata database."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    from airflow.utils.db import initdb

    initdb()
    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    bag = BundleDagBag(dag_folder=DAGS_FOLDER, bundle_path=DAGS_FOLDER, bundle_name="dags-folder")
    assert bag.import_errors == {}
    sync_bag_to_db(bag, "dags-folder", None)
    return bag
