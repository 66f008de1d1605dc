"""`make up` and `make down`: Airflow (scheduler, API server with UI, DAG processor) and Superset.

Everything the servers keep (metadata, passwords, logs, process ids) lies below the data directory:
`airflow/` (AIRFLOW_HOME), `superset/`, `run/` and `logs/`. Each server is a session of its own, so `down`
finds every worker that it forked. The metadata is SQLite and the log-in Airflow's simple one: right for one
machine; docs/airflow.md says what to change beyond.
"""

from __future__ import annotations

import fcntl
import json
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from connectors.zones import OWNER_ONLY_DIR, OWNER_ONLY_FILE
from ganxun.background import PAUSE_SECONDS, BackgroundServer, ServerStartError, wait_until_ready
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
AIRFLOW = Path(sys.executable).with_name("airflow")
# Called with what is being done or waited for, once a step or again and again.
Tell = Callable[[str], None]


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


def prepare_airflow(settings: Settings, port: int = AIRFLOW_PORT, tell: Tell = lambda what: None) -> None:
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
    server = _server(settings, "prepare")
    for command in (["db", "migrate"], ["pools", "import", str(POOLS_FILE)]):
        tell_step = partial(tell, f"Airflow: preparing its metadata ({' '.join(command[:2])})")
        environment = airflow_environment(settings, port)
        if server.run_to_end(_airflow(*command), environment, PROJECT_ROOT, tell_step):
            raise ServerStartError(f"airflow {' '.join(command[:2])} failed: see {server.log_file}")


def up(
    settings: Settings,
    airflow_port: int | None = None,
    superset_port: int | None = None,
    with_superset: bool = True,
    tell: Tell = lambda what: None,
) -> list[Address]:
    """Start what does not run yet, wait until it is healthy, and return where to open it.

    A server that runs keeps its port; else it gets the given one, its last one or the usual one (8080, 8088),
    or any free one when that is taken. `tell` is called again and again with what is being waited for. Raises
    `ServerStartError` when a server does not come up; what did start is then still running: `up` called again
    waits for it, `down` ends it.
    """
    with _only_one(settings, tell):
        last = _read_ports(settings).get("airflow")
        if last and _server(settings, "api-server").is_running():
            port = last
        else:
            port = find_free_port(airflow_port or last or AIRFLOW_PORT)
            if port != last:  # a scheduler left over from before would talk to the old port
                _stop_airflow(settings, tell)
        _write_ports(settings, _read_ports(settings) | {"airflow": port})
        missing = [name for name in COMPONENTS if not _server(settings, name).is_running()]
        if missing:
            prepare_airflow(settings, port, tell)
            for name in missing:
                tell(f"Airflow: starting {name}")
                environment = airflow_environment(settings, port)
                _server(settings, name).start(_airflow(*COMPONENTS[name]), environment, PROJECT_ROOT)
        addresses = [_wait_for_airflow(settings, port, tell)]
        if with_superset:
            addresses.append(_start_superset(settings, superset_port, tell))
    return addresses


def down(settings: Settings, tell: Tell = lambda what: None) -> None:
    """End every server that `up` started, with all their workers; nothing running is fine."""
    with _only_one(settings, tell):
        _stop_airflow(settings, tell)
        _stop_superset(settings, tell)


def _stop_airflow(settings: Settings, tell: Tell) -> None:
    # The scheduler first: it hands out work, and its tasks still report to the API server.
    for name in ("prepare", "scheduler", "dag-processor", "api-server"):
        if _server(settings, name).stop():
            tell(f"Airflow: {name} ended")


def _start_superset(settings: Settings, port: int | None, tell: Tell) -> Address:
    from dashboards.instance import server

    ports = _read_ports(settings)
    port = port or ports.get("superset") or find_free_port(SUPERSET_PORT)
    _write_ports(settings, ports | {"superset": port})
    running = server.start(settings.data_dir, port, tell=tell)
    return Address(
        "Superset", running.dashboard_url, running.admin_user, running.admin_password_file.read_text().strip()
    )


def _stop_superset(settings: Settings, tell: Tell) -> None:
    from dashboards.instance import server

    if server.stop(settings.data_dir):
        tell("Superset: ended")


def _server(settings: Settings, component: str) -> BackgroundServer:
    name = f"airflow-{component}"
    return BackgroundServer(name, _run_dir(settings) / f"{name}.json", _log_file(settings, name))


def _airflow(*arguments: str) -> list[str]:
    return [str(AIRFLOW), *arguments]


def _wait_for_airflow(settings: Settings, port: int, tell: Tell) -> Address:
    url = f"http://{LOOPBACK}:{port}"
    unhealthy: list[str] = []

    def is_healthy() -> bool:
        unhealthy[:] = _list_unhealthy(url)
        return not unhealthy

    wait_until_ready(
        [_server(settings, name) for name in COMPONENTS],
        is_healthy,
        lambda: tell(f"Airflow: waiting for {', '.join(unhealthy)}"),
    )
    passwords = json.loads((airflow_home(settings) / "passwords.json").read_text())
    return Address("Airflow", url, AIRFLOW_USER, passwords[AIRFLOW_USER])


def _list_unhealthy(url: str) -> list[str]:
    """What of Airflow is not healthy yet."""
    try:
        health = httpx.get(f"{url}/api/v2/monitor/health", timeout=5, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return ["api-server"]
    parts = {"metadatabase": "its metadata", "scheduler": "scheduler", "dag_processor": "dag-processor"}
    return [name for part, name in parts.items() if health.get(part, {}).get("status") != "healthy"]


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
def _only_one(settings: Settings, tell: Tell) -> Iterator[None]:
    """Two people who type `make up` at once: the second waits and finds everything running."""
    with (_run_dir(settings) / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tell("waiting for another `ganxun up` or `ganxun down` of this data directory to end")
                time.sleep(PAUSE_SECONDS)
        yield


def _read_ports(settings: Settings) -> dict[str, int]:
    path = _run_dir(settings) / "ports.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _write_ports(settings: Settings, ports: dict[str, int]) -> None:
    (_run_dir(settings) / "ports.json").write_text(json.dumps(ports))
