"""`make up` and `make down`: Airflow (scheduler, API server with UI, DAG processor) and Superset.

Everything the servers keep (metadata, passwords, logs, process ids) lies below the data directory:
`airflow/` (AIRFLOW_HOME), `superset/`, `run/` and `logs/`. Each server is a session of its own, so `down`
finds every worker that it forked. The metadata is SQLite and the log-in Airflow's simple one: right for one
machine; docs/airflow.md says what to change beyond.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE
from ganxun.background import BackgroundServer
from ganxun.settings import PROJECT_ROOT, Settings

DAGS_FOLDER = PROJECT_ROOT / "dags"
POOLS_FILE = DAGS_FOLDER / "pools.json"
LOOPBACK = "127.0.0.1"
AIRFLOW_PORT = 8080
SUPERSET_PORT = 8088
AIRFLOW_USER = "admin"
COMPONENTS = {
    "api-server": ("api-server",),
    # The API server reads the tasks' logs from the same disk: no second port that serves them.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}
START_SECONDS = 180


class ServerStartError(RuntimeError):
    """A server ended while starting or was not healthy in time; the message names its log."""


@dataclass(frozen=True)
class Address:
    """Where a person opens a server, and with what. The password is not part of the repr."""

    name: str
    url: str
    user: str
    password: str = field(repr=False)


def airflow_home(settings: Settings) -> Path:
    """AIRFLOW_HOME of this deployment."""
    return settings.data_dir.resolve() / "airflow"


def airflow_environment(settings: Settings, port: int = AIRFLOW_PORT) -> dict[str, str]:
    """The environment variables that make Airflow this deployment's; used by servers, commands and tests.

    Also hands `settings` on to the tasks, whatever the working directory of the process is.
    """
    home = airflow_home(settings)
    drop = settings.drop
    if drop and "://" not in drop:
        drop = str(Path(drop).resolve())
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS_FOLDER),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": settings.timezone,
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # The default forks 32 workers. Four landings at once, or one build.
        "AIRFLOW__CORE__PARALLELISM": "4",
        # The night is what the servers are for: it is scheduled without a click in the UI.
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{AIRFLOW_USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{LOOPBACK}:{port}",
        "AIRFLOW__API__WORKERS": "1",
        # Nothing leaves the machine.
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GANXUN_DATA_DIR": str(settings.data_dir.resolve()),
        "GANXUN_DROP": drop,
        "GANXUN_TIMEZONE": settings.timezone,
        "GANXUN_KEEP_VERSIONS": str(settings.keep_versions),
        **(
            {"GANXUN_KEEP_LANDING_DAYS": str(settings.keep_landing_days)}
            if settings.keep_landing_days
            else {}
        ),
        "GANXUN_MEMORY_LIMIT": settings.memory_limit,
        "GANXUN_THREADS": str(settings.threads),
    }


def prepare_airflow(settings: Settings, port: int = AIRFLOW_PORT) -> None:
    """Make AIRFLOW_HOME, its metadata database, the `warehouse` pool and the password; safe to repeat.

    Raises `ServerStartError` when Airflow's own command fails.
    """
    home = airflow_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(OWNER_ONLY_DIR)
    passwords = home / "passwords.json"
    if not passwords.exists():
        # Made here and not by Airflow, which would print it into a log.
        passwords.touch(mode=OWNER_ONLY_FILE)
        passwords.write_text(json.dumps({AIRFLOW_USER: secrets.token_urlsafe(18)}) + "\n")
    for command in (["db", "migrate"], ["pools", "import", str(POOLS_FILE)]):
        log = _log_file(settings, "airflow-prepare")
        with log.open("ab") as output:
            done = subprocess.run(
                _airflow(*command),
                env=os.environ | airflow_environment(settings, port),
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                check=False,
            )
        if done.returncode:
            raise ServerStartError(f"airflow {' '.join(command[:2])} failed: see {log}")


def up(
    settings: Settings,
    airflow_port: int | None = None,
    superset_port: int | None = None,
    with_superset: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> list[Address]:
    """Start what does not run yet, wait until it is healthy, and return where to open it.

    A server that runs keeps its port; else it gets the given one, its last one or the usual one (8080, 8088),
    or any free one when that is taken. `say` gets one line a step. Raises `ServerStartError` when a server
    does not come up; what did start is then still running and is ended by `down`.
    """
    with _only_one(settings):
        last = _read_ports(settings).get("airflow")
        if last and _server(settings, "api-server").is_running():
            port = last
        else:
            port = find_free_port(airflow_port or last or AIRFLOW_PORT)
            if port != last:  # a scheduler left over from before would talk to the old port
                _stop_airflow(settings, say)
        _write_ports(settings, _read_ports(settings) | {"airflow": port})
        missing = [name for name in COMPONENTS if not _server(settings, name).is_running()]
        if missing:
            say("Airflow: preparing the metadata database")
            prepare_airflow(settings, port)
            for name in missing:
                say(f"Airflow: starting {name}")
                environment = airflow_environment(settings, port)
                _server(settings, name).start(_airflow(*COMPONENTS[name]), environment, PROJECT_ROOT)
        addresses = [_wait_for_airflow(settings, port)]
        if with_superset:
            addresses.append(_start_superset(settings, superset_port, say))
    return addresses


def down(settings: Settings, say: Callable[[str], None] = lambda line: None) -> None:
    """End every server that `up` started, with all their workers; nothing running is fine."""
    with _only_one(settings):
        _stop_airflow(settings, say)
        _stop_superset(settings, say)


def _stop_airflow(settings: Settings, say: Callable[[str], None]) -> None:
    # The scheduler first: it hands out work, and its tasks still report to the API server.
    for name in ("scheduler", "dag-processor", "api-server"):
        if _server(settings, name).stop():
            say(f"Airflow: {name} ended")


def _start_superset(settings: Settings, port: int | None, say: Callable[[str], None]) -> Address:
    from dashboards import server

    say("Superset: starting")
    ports = _read_ports(settings)
    port = port or ports.get("superset") or find_free_port(SUPERSET_PORT)
    _write_ports(settings, ports | {"superset": port})
    running = server.start(settings.data_dir, port)
    return Address(
        "Superset", running.dashboard_url, running.admin_user, running.admin_password_file.read_text().strip()
    )


def _stop_superset(settings: Settings, say: Callable[[str], None]) -> None:
    from dashboards import server

    if server.stop(settings.data_dir):
        say("Superset: ended")


def _server(settings: Settings, component: str) -> BackgroundServer:
    name = f"airflow-{component}"
    return BackgroundServer(name, _run_dir(settings) / f"{name}.json", _log_file(settings, name))


def _airflow(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("airflow")), *arguments]


def _wait_for_airflow(settings: Settings, port: int) -> Address:
    url = f"http://{LOOPBACK}:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not _is_airflow_healthy(url):
        for server in (_server(settings, name) for name in COMPONENTS):
            if not server.is_running():
                raise ServerStartError(f"{server.name} ended: see {server.log_file}")
        if time.monotonic() > deadline:
            raise ServerStartError(f"no health after {START_SECONDS} s: see {settings.zones.logs}")
        time.sleep(1)
    passwords = json.loads((airflow_home(settings) / "passwords.json").read_text())
    return Address("Airflow", url, AIRFLOW_USER, passwords[AIRFLOW_USER])


def _is_airflow_healthy(url: str) -> bool:
    try:
        health = httpx.get(f"{url}/api/v2/monitor/health", timeout=5, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False
    return all(
        health.get(part, {}).get("status") == "healthy"
        for part in ("metadatabase", "scheduler", "dag_processor")
    )


def find_free_port(wanted: int) -> int:
    """The wanted port of the loopback address, or any free one when it is taken (0: any)."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise ServerStartError("no free port on the loopback address")


def _run_dir(settings: Settings) -> Path:
    folder = settings.data_dir.resolve() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(OWNER_ONLY_DIR)
    return folder


def _log_file(settings: Settings, name: str) -> Path:
    folder = settings.zones.logs.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(OWNER_ONLY_DIR)
    return folder / f"{name}.log"


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Two people who type `make up` at once: the second waits and finds everything running."""
    with (_run_dir(settings) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read_ports(settings: Settings) -> dict[str, int]:
    path = _run_dir(settings) / "ports.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _write_ports(settings: Settings, ports: dict[str, int]) -> None:
    (_run_dir(settings) / "ports.json").write_text(json.dumps(ports))
