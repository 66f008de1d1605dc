"""PostgreSQL and Redis on loopback with throw-away folders: for tests and a look at the server setup.

Runs in .venv. Both are Debian's packages (`make server-packages`). PostgreSQL refuses to run as root, so a
root user hands it to the system's user `postgres`. A deployment uses Debian's own units instead.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from ganxun.background import BackgroundServer

LOOPBACK = "127.0.0.1"
SYSTEM_USER = "postgres"
DATABASE = "superset"
START_SECONDS = 30


class BackingError(RuntimeError):
    """PostgreSQL or Redis is not installed or did not start; the message names the log."""


@dataclass
class Backing:
    """A PostgreSQL and a Redis of their own; `state` is the folder that remembers them between commands."""

    state: Path
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is started here."""
        self.folder = Path(self._note("folder") or "")

    @property
    def metadata_uri(self) -> str:
        """SQLAlchemy address of the metadata database."""
        password, port = self._note("password"), self._note("postgres_port")
        return f"postgresql+psycopg2://{DATABASE}:{password}@{LOOPBACK}:{port}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        """Address of Redis."""
        return f"redis://:{self._note('password')}@{LOOPBACK}:{self._note('redis_port')}/0"

    def start(self) -> None:
        """Start what does not run; new folders each time that nothing is left of an earlier start.

        Raises `BackingError`, before anything is prepared if a program is missing.
        """
        if shutil.which("redis-server") is None:
            raise BackingError("redis-server is missing: make server-packages")
        find_postgres()
        if not self._note("folder"):
            self._prepare()
        self._start_postgres()
        self._start_redis()

    def stop(self) -> None:
        """End both and delete their folders."""
        for server in (self._server("redis"), self._server("postgres")):
            server.stop()
        if self._note("folder"):
            shutil.rmtree(self._note("folder"), ignore_errors=True)
        for note in self.state.glob("backing-*"):
            note.unlink()

    def _prepare(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        # Not below the data directory: that is closed to the user postgres.
        self.folder = Path(tempfile.mkdtemp(prefix="ganxun-backing-"))
        self.folder.chmod(0o711)
        self._keep("password", secrets.token_urlsafe(24))
        self._keep("postgres_port", str(_find_free_port()))
        self._keep("redis_port", str(_find_free_port()))
        cluster = self.folder / "postgres"
        cluster.mkdir(mode=0o700)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._note("password"))
        if os.geteuid() == 0:
            for path in (cluster, password_file):
                shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
        self._run(
            *(str(find_postgres() / "initdb"), "--pgdata", str(cluster), "--username", DATABASE),
            *("--auth", "scram-sha-256", "--pwfile", str(password_file), "--encoding", "UTF8"),
            *("--locale", "C.UTF-8", "--no-sync"),
        )
        password_file.unlink()
        self._keep("folder", str(self.folder))

    def _start_postgres(self) -> None:
        server, cluster = self._server("postgres"), self.folder / "postgres"
        if not server.is_running():
            server.start(
                [
                    *_as_system_user(),
                    *(str(find_postgres() / "postgres"), "-D", str(cluster), "-h", LOOPBACK),
                    *("-p", self._note("postgres_port"), "-k", str(cluster), "-F"),
                ],
                {},
                cluster,
            )
        self._wait(server, int(self._note("postgres_port")))
        exists = self._psql(f"select 1 from pg_database where datname = '{DATABASE}'")
        if "1" not in exists:
            self._psql(f"create database {DATABASE}")

    def _start_redis(self) -> None:
        server = self._server("redis")
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind {LOOPBACK}\nport {self._note('redis_port')}\nrequirepass {self._note('password')}\n"
            f'dir {self.folder}\nsave ""\nappendonly no\ndaemonize no\n'
        )
        if not server.is_running():
            server.start(["redis-server", str(configuration)], {}, self.folder)
        self._wait(server, int(self._note("redis_port")))

    def _wait(self, server: BackgroundServer, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and server.is_running():
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, port)) == 0 and (
                    server.name != "postgres" or self._is_postgres_ready()
                ):
                    return
            time.sleep(0.2)
        server.stop()
        raise BackingError(f"{server.name} did not start, see {server.log_file}")

    def _is_postgres_ready(self) -> bool:
        command = [
            str(find_postgres() / "pg_isready"),
            "-h",
            LOOPBACK,
            "-p",
            self._note("postgres_port"),
            "-q",
        ]
        return subprocess.run(command, check=False).returncode == 0

    def _psql(self, sql: str) -> str:
        done = subprocess.run(
            [
                *("psql", "-h", LOOPBACK, "-p", self._note("postgres_port"), "-U", DATABASE),
                *("-d", "postgres", "-Atqc", sql),
            ],
            env=os.environ | {"PGPASSWORD": self._note("password")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BackingError(f"psql: {done.stderr.strip()}")
        return done.stdout

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [*_as_system_user(), *command], cwd="/", capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BackingError(f"{Path(command[0]).name}: {done.stderr.strip()}")

    def _server(self, name: str) -> BackgroundServer:
        return BackgroundServer(name, self.state / f"{name}.json", self.state / f"{name}.log")

    def _note(self, name: str) -> str:
        path = self.state / f"backing-{name}"
        return path.read_text() if path.exists() else ""

    def _keep(self, name: str, value: str) -> None:
        path = self.state / f"backing-{name}"
        path.touch(mode=0o600)
        path.write_text(value)


def find_postgres() -> Path:
    """Folder of the newest PostgreSQL programs that Debian installed. Raises `BackingError`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if not found:
        raise BackingError("PostgreSQL is missing: make server-packages")
    return found[-1].parent


def _as_system_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise BackingError(f"there is no user {SYSTEM_USER}: make server-packages") from None
    # setpriv becomes the program, so that the process that is asked to end is PostgreSQL itself.
    return ["setpriv", "--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--init-groups", "--reset-env", "--"]


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
