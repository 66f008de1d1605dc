"""One Superset on the warehouse of a whole night and one Chromium, for all tests of this folder."""

from __future__ import annotations

import csv
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from dashboards.compiler.sources import read_sources
from dashboards.instance.home import SupersetHome
from dashboards.instance.photograph import CHROMIUM, CHROMIUM_FLAGS
from dashboards.instance.server import start, stop

from .deployment import ROLES, Deployment
from .expected_chart import Published


@pytest.fixture(scope="session")
def data_dir(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Superset of this worker's own, on the night that all workers read."""
    given = os.environ.get("GANXUN_PICTURES_FROM")
    night = Path(given) if given else request.getfixturevalue("simulated_night").settings.data_dir
    folder = tmp_path_factory.mktemp("deployment")
    (folder / "published").symlink_to(night.resolve() / "published")
    return folder


@pytest.fixture(scope="session")
def deployment(data_dir: Path) -> Iterator[Deployment]:
    published = Published(data_dir / "published", read_sources())
    ((unit_code,),) = published.query(
        "warehouse",
        """select unit_code from marts.mart_unit_coverage
        where is_current and scope = 'subtree' and level = 2 order by due desc, unit_code limit 1""",
    )
    home = SupersetHome(data_dir)
    home.entitlements.parent.mkdir(exist_ok=True, mode=0o700)
    home.entitlements.touch(mode=0o600)
    with home.entitlements.open("w", newline="") as file:
        rows = [
            (
                role,
                role,
                "" if ROLES[role].sees_all_rows else unit_code,
                "" if ROLES[role].sees_all_rows else "subtree",
            )
            for role in ROLES
        ]
        csv.writer(file).writerows([("user", "role", "unit_code", "scope"), *rows])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        superset = start(data_dir, port)
        with home.first_passwords.open() as file:
            passwords = {row["user"]: row["password"] for row in csv.DictReader(file)}
        yield Deployment(superset, published, passwords, unit_code)
    finally:
        stop(data_dir)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert Path(CHROMIUM).exists(), "Debian's chromium is needed: make installs it (.tools/.system)"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()
