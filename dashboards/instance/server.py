"""Start and stop Superset for one data directory; runs in .venv and drives .venv-superset."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from dashboards.instance.home import ADMIN_USER, CONFIGURATION, PROJECT_ROOT, SupersetHome
from ganxun.background import BackgroundServer, ServerStartError, wait_until_ready

SUPERSET_BIN = PROJECT_ROOT / ".venv-superset" / "bin"
DASHBOARD_SLUG = "ganxun-overview"
DEFAULT_PORT = 8088
# Called with what is being waited for, again and again.
Tell = Callable[[str], None]


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
        "SUPERSET_CONFIG_PATH": str(CONFIGURATION),
        "SCARF_ANALYTICS": "false",
        "FLASK_APP": "superset.app:create_app()",
    }


def bootstrap(data_dir: Path, *, force: bool = False, tell: Tell = lambda what: None) -> None:
    """Bring Superset's metadata to the state of the bundle (25 s the first time, 1 s when nothing changed).

    Raises `ServerStartError` with the step that failed.
    """
    home = SupersetHome(data_dir.resolve())
    home.create()
    if not (SUPERSET_BIN / "python").exists():
        raise ServerStartError(f"Superset's environment {SUPERSET_BIN.parent} is missing: make setup")
    background = _background_bootstrap(home)
    if not background.is_running():
        home.step.unlink(missing_ok=True)
    command = [str(SUPERSET_BIN / "python"), "-m", "dashboards.instance.bootstrap"]
    if force:
        command.append("--force")
    if background.run_to_end(
        command, environment(home), home.root, lambda: tell(f"Superset: {_read_step(home)}")
    ):
        raise ServerStartError(f"Superset could not be prepared ({_read_step(home)}): see {home.log}")


def start(
    data_dir: Path,
    port: int = DEFAULT_PORT,
    host: str = "127.0.0.1",
    tell: Tell = lambda what: None,
) -> RunningSuperset:
    """Bootstrap, start gunicorn in the background and wait until it is healthy.

    A server of this data directory that runs already, or is starting, is waited for and returned. Raises
    `ServerStartError` if the server ends early; one that lives and is not healthy yet is left to go on.
    """
    home = SupersetHome(data_dir.resolve())
    background = _background(home)
    if background.is_running():
        running = _handle(home, host, int(home.port_file.read_text()))
        _wait_for(background, running, tell)
        return running
    bootstrap(data_dir, tell=tell)
    # No --preload: with a PostgreSQL metadata database the forked workers would share one connection.
    command = [
        *(str(SUPERSET_BIN / "gunicorn"), "--bind", f"{host}:{port}", "--no-control-socket"),
        # A worker that loads Superset for longer than the timeout is killed, and loads it from the beginning.
        *("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--timeout", "900"),
        *("--limit-request-line", "0", "superset.app:create_app()"),
    ]
    home.port_file.write_text(str(port))
    background.start(command, environment(home), home.root)
    running = _handle(home, host, port)
    _wait_for(background, running, tell)
    return running


def _wait_for(background: BackgroundServer, running: RunningSuperset, tell: Tell) -> None:
    try:
        wait_until_ready(
            [background],
            lambda: _is_healthy(running),
            lambda: tell(f"Superset: waiting for the web server to answer at {running.url}"),
        )
    except ServerStartError:
        if not background.is_running():
            background.stop()  # workers that their leader has left behind
        raise


def _is_healthy(running: RunningSuperset) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{running.url}/health", timeout=5, trust_env=False).text == "OK"
    return False


def stop(data_dir: Path) -> bool:
    """End the server of this data directory with all its workers; false if none was running."""
    home = SupersetHome(data_dir.resolve())
    home.port_file.unlink(missing_ok=True)
    stopped = [server.stop() for server in (_background_bootstrap(home), _background(home))]
    return any(stopped)


def _background(home: SupersetHome) -> BackgroundServer:
    return BackgroundServer("superset", home.state_file, home.log)


def _background_bootstrap(home: SupersetHome) -> BackgroundServer:
    return BackgroundServer("superset-bootstrap", home.bootstrap_state_file, home.log)


def _handle(home: SupersetHome, host: str, port: int) -> RunningSuperset:
    return RunningSuperset(f"http://{host}:{port}", ADMIN_USER, home.root / "admin_password")


def _read_step(home: SupersetHome) -> str:
    """What the bootstrap says it is doing, or why it ended."""
    with contextlib.suppress(FileNotFoundError):
        return home.step.read_text(encoding="utf-8")
    return "loading its programme"
