"""Servers in the background: what `make up` starts and `make down` must end."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from connectors.ledger import Ledger
from connectors.zones import Zones
from ganxun.background import BackgroundServer
from ganxun.servers import airflow_environment, find_free_port
from ganxun.settings import Settings

# A leader that starts a worker in a process group of its own, as Airflow's tasks are, and tells its id.
LEADER = """
import os, subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
print(worker.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def server(tmp_path):
    server = BackgroundServer("test", tmp_path / "test.json", tmp_path / "test.log")
    yield server
    server.stop()


def start_with_worker(server: BackgroundServer, folder: Path) -> psutil.Process:
    server.start([sys.executable, "-c", LEADER], {}, folder)
    end = time.monotonic() + 20
    while not (written := server.log_file.read_text().strip()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return psutil.Process(int(written))


def test_no_worker_outlives_its_server(server, tmp_path):
    worker = start_with_worker(server, tmp_path)
    assert server.is_running()
    assert server.stop()
    assert not server.is_running()
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_a_worker_whose_server_was_killed_is_found_and_ended(server, tmp_path):
    worker = start_with_worker(server, tmp_path)
    leader = psutil.Process(json.loads(server.state_file.read_text())["pid"])
    leader.kill()
    leader.wait(10)
    assert not server.is_running()
    assert worker.is_running()
    assert server.stop()
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_a_recycled_process_id_is_not_shot(server, tmp_path):
    state = {"pid": os.getpid(), "created": psutil.Process().create_time() - 1000}
    server.state_file.write_text(json.dumps(state))
    assert not server.is_running()
    assert not server.stop()  # or this very process would have got the signal


def test_down_where_nothing_runs_is_no_fault(server):
    assert not server.stop()


def test_what_a_server_writes_is_for_its_owner_only(server, tmp_path):
    server.start([sys.executable, "-c", "open('made', 'w').close()"], {}, tmp_path)
    end = time.monotonic() + 20
    while server.is_running():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert (tmp_path / "made").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_left_to_its_owner():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert find_free_port(port) != port


def test_the_servers_see_the_settings_whatever_their_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environment = airflow_environment(Settings(data_dir=Path("data"), drop="exports"))
    assert environment["GANXUN_DATA_DIR"] == str(tmp_path / "data")
    assert environment["GANXUN_DROP"] == str(tmp_path / "exports")
    assert airflow_environment(Settings(drop="s3://exports/city"))["GANXUN_DROP"] == "s3://exports/city"


def open_ledger(folder: Path, barrier, failures) -> None:
    zones = Zones(folder)
    barrier.wait()
    try:
        Ledger(zones).close()
    except Exception as error:
        failures.put(repr(error))


def test_the_first_night_is_not_lost_to_four_landings_that_open_the_ledger_at_once(tmp_path):
    context = multiprocessing.get_context("fork")
    failures = context.Queue()
    for night in range(40):
        barrier = context.Barrier(4)
        folder = tmp_path / str(night)
        landings = [context.Process(target=open_ledger, args=(folder, barrier, failures)) for _ in range(4)]
        for landing in landings:
            landing.start()
        for landing in landings:
            landing.join(20)
    assert failures.empty()
