"""Start and stop Superset for one data directory; runs in .venv and drives .venv-superset."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from dashboards.home import ADMIN_USER, PROJECT_ROOT, SupersetHome
from ganxun.background import BackgroundServer

SUPERSET_BIN = PROJECT_ROOT / ".venv-superset" / "bin"
DASHBOARD_SLUG = "ganxun-overview"
DEFAULT_PORT = 8088
BOOTSTRAP_SECONDS = 300
START_SECONDS = 240


class SupersetError(RuntimeError):
    """Superset could not be prepared, started or stopped; the message names the log."""


@dataclass(frozen=True)
class RunningSuperset:
    """A server that answered its health check."""

    url: str
    admin_user: str
    admin_password_file: Path

    @property
    def dashboard_url(self) -> str:
        """Address of 干部教育培训覆盖总览."""
        return f"{self.url}/superset/dashboard/{DASHBOARD_SLUG}/"


def environment(home: SupersetHome) -> dict[str, str]:
    """The environment of every Superset process of this data directory."""
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT_ROOT),
        "GANXUN_DATA_DIR": str(home.data_dir),
        "SUPERSET_HOME": str(home.root),
        "SUPERSET_CONFIG_PATH": str(PROJECT_ROOT / "dashboards" / "superset_config.py"),
        "SCARF_ANALYTICS": "false",
        "FLASK_APP": "superset.app:create_app()",
    }


def bootstrap(data_dir: Path, *, force: bool = False) -> None:
    """Bring Superset's metadata to the state of the bundle (25 s the first time, 1 s when nothing changed).

    Raises `SupersetError` with the end of the log if it fails.
    """
    home = SupersetHome(data_dir.resolve())
    home.create()
    command = [str(SUPERSET_BIN / "python"), "-m", "dashboards.bootstrap", *(["--force"] if force else [])]
    with home.log.open("ab") as log:
        done = subprocess.run(
            command,
            env=environment(home),
            cwd=home.root,
            stdout=log,
            stderr=log,
            timeout=BOOTSTRAP_SECONDS,
            check=False,
        )
    if done.returncode:
        raise SupersetError(f"the bootstrap of Superset failed, see {home.log}:\n{_tail(home.log)}")


def start(data_dir: Path, port: int = DEFAULT_PORT, host: str = "127.0.0.1") -> RunningSuperset:
    """Bootstrap, start gunicorn in the background and wait until it is healthy.

    A server of this data directory that runs already is returned. Raises `SupersetError` if the server ends
    early or is not healthy in time; nothing is left running then.
    """
    home = SupersetHome(data_dir.resolve())
    background = _background(home)
    if background.is_running():
        return _handle(home, host, int(home.port_file.read_text()))
    bootstrap(data_dir)
    # No --preload: with a PostgreSQL metadata database the forked workers would share one connection.
    command = [
        *(str(SUPERSET_BIN / "gunicorn"), "--bind", f"{host}:{port}", "--no-control-socket"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--timeout", "120"),
        *("--limit-request-line", "0", "superset.app:create_app()"),
    ]
    background.start(command, environment(home), home.root)
    home.port_file.write_text(str(port))
    running = _handle(home, host, port)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and background.is_running():
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{running.url}/health", timeout=5, trust_env=False).text == "OK":
                return running
        time.sleep(0.5)
    background.stop()
    raise SupersetError(f"Superset did not start on port {port}, see {home.log}:\n{_tail(home.log)}")


def stop(data_dir: Path) -> bool:
    """End the server of this data directory with all its workers; false if none was running."""
    home = SupersetHome(data_dir.resolve())
    home.port_file.unlink(missing_ok=True)
    return _background(home).stop()


def _background(home: SupersetHome) -> BackgroundServer:
    return BackgroundServer("superset", home.state_file, home.log)


def _handle(home: SupersetHome, host: str, port: int) -> RunningSuperset:
    return RunningSuperset(f"http://{host}:{port}", ADMIN_USER, home.root / "admin_password")


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
