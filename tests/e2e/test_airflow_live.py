"""One night under a real scheduler: the clock starts the landings, the landings start the build."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import duckdb
import httpx
import psutil
import pytest

from ganxun import servers
from ganxun.settings import PROJECT_ROOT, SOURCES, Settings

pytestmark = [pytest.mark.e2e, pytest.mark.live]

ZONE = ZoneInfo("Asia/Shanghai")
LANDINGS = [f"land_{source}" for source in SOURCES]
NIGHT_SECONDS = 400
PICTURE = PROJECT_ROOT / "docs" / "images" / "airflow-grid.png"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Api:
    """Airflow's public API, logged in as its administrator."""

    def __init__(self, address: servers.Address) -> None:
        self.client = httpx.Client(base_url=address.url, timeout=30, trust_env=False)
        token = self.client.post("/auth/token", json={"username": address.user, "password": address.password})
        self.client.headers["Authorization"] = f"Bearer {token.raise_for_status().json()['access_token']}"

    def get(self, path: str, **parameters: str) -> dict:
        return self.client.get(f"/api/v2/{path}", params=parameters).raise_for_status().json()

    def runs(self, dag_id: str) -> list[dict]:
        return self.get(f"dags/{dag_id}/dagRuns", order_by="run_after")["dag_runs"]

    def tasks(self, run: dict) -> dict[str, str]:
        path = f"dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
        return {task["task_id"]: task["state"] for task in self.get(path)["task_instances"]}

    def wait_for_run(self, dag_id: str, number: int) -> dict:
        """The run of that number of a DAG, when it has ended."""
        end = time.monotonic() + NIGHT_SECONDS
        while time.monotonic() < end:
            runs = self.runs(dag_id)
            if len(runs) >= number and runs[number - 1]["state"] in ("success", "failed"):
                return runs[number - 1]
            time.sleep(2)
        raise AssertionError(f"run {number} of {dag_id} did not end in {NIGHT_SECONDS} s")


@pytest.fixture(scope="module")
def night(tmp_path_factory, request) -> Iterator[tuple[Settings, servers.Address, str]]:
    """A scheduler that is up, with a clean city's exports of yesterday and the night about to begin."""
    from simulator import SimulationPlan, simulate

    # Room for the servers to start: an hour that passes before is run late, as after a reboot.
    land_at = datetime.now(ZONE) + timedelta(seconds=90)
    business_date = land_at.date() - timedelta(days=1)
    folder = tmp_path_factory.mktemp("live")
    start = business_date - timedelta(days=400)
    plan = SimulationPlan(cadres=100, start=start, end=business_date, seed=3, nights=1, dirty=False)
    simulate(plan, folder / "drop")
    deliver_a_mobile_night(folder / "drop", business_date)
    settings = Settings(data_dir=folder / "data", drop=str(folder / "drop"))
    deadline = land_at + timedelta(hours=12)  # not in this test's time
    before = dict(os.environ)
    os.environ["GANXUN_NIGHT_LAND_CRON"] = f"{land_at.minute} {land_at.hour} * * *"
    os.environ["GANXUN_NIGHT_DEADLINE_CRON"] = f"{deadline.minute} {deadline.hour} * * *"
    try:
        (airflow,) = servers.up(settings, airflow_port=servers.find_free_port(0), with_superset=False)
        yield settings, airflow, business_date.isoformat()
    finally:
        os.environ.clear()
        os.environ.update(before)
        servers.down(settings)
        mine = [p.pid for p in psutil.process_iter() if belongs_to(p, settings.data_dir)]
        assert mine == [], "servers left behind"


def deliver_a_mobile_night(drop: Path, business_date: date) -> None:
    """A city this small has nights without a statement; such a night's folder repeats the last one."""
    tonight = drop / "mobile" / f"dt={business_date}"
    if not tonight.exists():
        shutil.copytree(max((drop / "mobile").iterdir()), tonight)


def belongs_to(process: psutil.Process, data_dir: Path) -> bool:
    try:
        return process.environ().get("AIRFLOW_HOME") == str(data_dir.resolve() / "airflow")
    except psutil.Error:
        return False


def test_the_clock_starts_a_night_that_ends_with_a_published_warehouse(night):
    settings, airflow, business_date = night
    api = Api(airflow)
    build = api.wait_for_run("build_warehouse", 1)

    for dag_id in LANDINGS:
        (landing,) = api.runs(dag_id)
        assert landing["run_type"] == "scheduled"
        assert landing["partition_key"] == business_date
        assert api.tasks(landing) == {"land": "success"}
    assert build["run_type"] == "asset_triggered"
    assert build["partition_key"] == business_date
    assert api.tasks(build) == dict.fromkeys(
        ("needs_building", "build", "check", "publish", "tell"), "success"
    )
    events = api.get(f"dags/build_warehouse/dagRuns/{build['dag_run_id']}/upstreamAssetEvents")[
        "asset_events"
    ]
    assert {event["source_dag_id"] for event in events} == set(LANDINGS)
    with closing(duckdb.connect(str(settings.zones.warehouse), read_only=True)) as connection:
        (as_of,) = connection.execute("select max(as_of) from marts.mart_unit_coverage").fetchone()
    assert as_of.isoformat() == business_date


def test_the_deadline_after_a_complete_night_builds_nothing(night):
    settings, airflow, business_date = night
    published = settings.zones.warehouse.resolve()
    api = Api(airflow)
    body = {"logical_date": None, "conf": {"business_date": business_date}}
    api.client.post("/api/v2/dags/close_night/dagRuns", json=body).raise_for_status()
    build = api.wait_for_run("build_warehouse", 2)
    assert build["partition_key"] == business_date
    assert api.tasks(build) == {
        "needs_building": "success",
        "build": "skipped",
        "check": "skipped",
        "publish": "skipped",
        "tell": "success",
    }
    assert settings.zones.warehouse.resolve() == published


@pytest.mark.browser
def test_the_grid_shows_the_night_to_a_person(night, tmp_path):
    if not Path(CHROMIUM).exists():
        pytest.skip("needs Chromium")
    from playwright.sync_api import expect, sync_playwright

    _settings, airflow, _business_date = night
    picture = PICTURE if os.environ.get("GANXUN_TAKE_PICTURES") else tmp_path / "airflow-grid.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id=str(ZONE)
        )
        page.goto(f"{airflow.url}/auth/login")
        page.get_by_label("Username").fill(airflow.user)
        page.get_by_label("Password").fill(airflow.password)
        page.get_by_role("button", name="Sign in").click()
        # Away from every page of the log-in: opening the next page before that is overtaken by the
        # log-in's own redirect to the home page.
        page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/auth"))
        page.goto(f"{airflow.url}/dags/build_warehouse")
        expect(page.get_by_text("needs_building").first).to_be_visible(timeout=30_000)
        page.wait_for_timeout(2000)
        page.screenshot(path=picture)
        browser.close()
    assert picture.stat().st_size > 20_000
