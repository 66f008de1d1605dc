"""Try the server setup here: `python -m dashboards.instance.server_setup.trial up|down` (make server-up).

PostgreSQL and Redis with throw-away folders, then exactly what the systemd units start: bootstrap, gunicorn,
Celery worker and beat. Users, passwords of Superset and people's own charts are gone after `down`; the
published warehouse is only read.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from dashboards.instance.home import DATA_DIR_VARIABLE, METADATA_VARIABLE, SupersetHome
from dashboards.instance.server_setup.backing import Backing, BackingError
from dashboards.instance.server_setup.environment import REDIS_VARIABLE
from dashboards.instance.server_setup.units import Unit, read_unit
from ganxun.background import BackgroundServer
from ganxun.settings import Settings

SERVICES = {
    "web": "ganxun-superset",
    "worker": "ganxun-superset-worker",
    "beat": "ganxun-superset-beat",
}
BOOTSTRAP = "ganxun-superset-bootstrap"
HEALTH = "ganxun-superset-health"
DEFAULT_PORT = 8089
START_SECONDS = 240


class TrialError(RuntimeError):
    """A part of the server setup did not start; the message is one sentence and names the log."""


@dataclass
class Trial:
    """The server setup of one data directory on loopback."""

    data_dir: Path
    port: int = DEFAULT_PORT
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def backing(self) -> Backing:
        """PostgreSQL and Redis."""
        return Backing(self.data_dir / "run" / "server-trial")

    @property
    def home(self) -> SupersetHome:
        """Superset's files."""
        return SupersetHome(self.data_dir)

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, unit: Unit) -> dict[str, str]:
        """What /etc/ganxun/superset.env would say, under the unit's own environment."""
        return {
            DATA_DIR_VARIABLE: str(self.data_dir),
            METADATA_VARIABLE: self.backing.metadata_uri,
            REDIS_VARIABLE: self.backing.redis_url,
            "GANXUN_SUPERSET_BIND": f"127.0.0.1:{self.port}",
            "GANXUN_SUPERSET_URL": self.url,
            **self.settings,
            **unit.environment,
        }

    def up(self, tell: Callable[[str], None] = lambda what: None) -> None:
        """Start everything and wait until it is well; `tell` is called with what is waited for.

        Raises `TrialError` or `BackingError` with the log's name. Called again it goes on.
        """
        self.home.create()
        tell("PostgreSQL and Redis")
        self.backing.start()
        tell("Superset's metadata (a minute the first time)")
        self.run(BOOTSTRAP)
        tell("the web server, the worker and the clock")
        self.start_services()

    def start_services(self) -> None:
        """Web server, worker and clock; returns when gunicorn answers."""
        for part, name in SERVICES.items():
            if not self.server(part).is_running():
                unit = read_unit(name, self.data_dir)
                self.server(part).start(unit.command, self.environment(unit), unit.folder)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.server("web").is_running():
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/health", timeout=5, trust_env=False).text == "OK":
                    return
            time.sleep(0.5)
        raise TrialError(f"Superset did not start, see {self.server('web').log_file}")

    def run(self, name: str) -> str:
        """Run a unit that ends by itself; returns what it printed. Raises `TrialError` if it fails: what it
        printed is then in its log.
        """
        unit = read_unit(name, self.data_dir)
        if not unit.folder.is_dir():
            raise TrialError("nothing has been started here: make server-up")
        done = subprocess.run(
            unit.command,
            env={"PATH": "/usr/bin:/bin"} | self.environment(unit),
            cwd=unit.folder,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if done.returncode:
            log = self.server(name).log_file
            log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            log.write_text(f"{done.stdout}\n{done.stderr}", encoding="utf-8")
            said = f":\n{done.stdout.strip()}" if done.stdout.strip() else ""
            raise TrialError(f"{name} ended with exit {done.returncode}, see {log}{said}")
        return done.stdout

    def stop_services(self) -> None:
        """End clock, web server and worker; metadata and Redis stay."""
        for part in ("beat", "web", "worker"):
            self.server(part).stop()

    def down(self) -> None:
        """End everything and throw PostgreSQL's and Redis' folders away."""
        self.stop_services()
        self.backing.stop()

    def server(self, part: str) -> BackgroundServer:
        """The background process of a part (`web`, `worker`, `beat`), or the log of another unit."""
        run = self.data_dir / "run"
        return BackgroundServer(
            part, run / f"server-{part}.json", self.data_dir / "logs" / f"server-{part}.log"
        )


def main() -> int:
    """Command line; the data directory is `GANXUN_DATA_DIR` or the project's own."""
    parser = argparse.ArgumentParser(description="Try Superset's server setup on this machine")
    parser.add_argument("what", choices=["up", "down", "health"])
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    arguments = parser.parse_args()
    trial = Trial(Settings().data_dir, arguments.port)
    try:
        if arguments.what == "down":
            trial.down()
        elif arguments.what == "health":
            print(trial.run(HEALTH), end="")
        else:
            trial.up(lambda what: print(f"waiting for {what}", flush=True))
            print(f"{trial.url}/  user admin, password in {trial.home.root / 'admin_password'}")
    except (TrialError, BackingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
