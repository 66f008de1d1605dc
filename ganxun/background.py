"""Servers in the background: each a session of its own, found again by a file, ended without orphans."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

# A task that still runs after this is killed: every step survives that (docs/architecture.md).
STOP_SECONDS = 15
ORPHAN_SECONDS = 5
PAUSE_SECONDS = 0.5
# A start is a minute of computing: more than five where six times as many programmes run as there are cores.
PATIENCE_SECONDS = 1800


class ServerStartError(RuntimeError):
    """A server did not come up; the message is one sentence and names the log."""


@dataclass(frozen=True)
class BackgroundServer:
    """One server process with all that it forks.

    `state_file` keeps its process id and start time, so that a recycled id is never taken for it;
    `log_file` gets what it writes to standard output and error.
    """

    name: str
    state_file: Path
    log_file: Path

    def start(self, command: list[str], environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
        """Start `command` in `folder` as the leader of its own session; its files are owner-only."""
        with self.log_file.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=os.environ | environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )
        created = psutil.Process(process.pid).create_time()
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps({"pid": process.pid, "created": created}))
        new.replace(self.state_file)
        return process

    def run_to_end(
        self,
        command: list[str],
        environment: dict[str, str],
        folder: Path,
        tell: Callable[[], None],
    ) -> int:
        """Run a command that ends by itself, after the one that an interrupted call has left; its exit code.

        A command that has nothing left to do is to be quick. `tell` is called again and again while it runs.
        Raises `ServerStartError` when it runs longer than `PATIENCE_SECONDS`, and lets it: killed half-way,
        it would have to begin anew with the machine as busy.
        """
        began = time.monotonic()
        while self.is_running():
            _pause([self], began, tell)
        process = self.start(command, environment, folder)
        while process.poll() is None:
            _pause([self], began, tell)
        self.state_file.unlink(missing_ok=True)
        return process.returncode

    def is_running(self) -> bool:
        """Whether the process that was started still lives."""
        pid, created = self._read_state()
        try:
            process = psutil.Process(pid)
            return bool(process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def stop(self) -> bool:
        """End the whole session, politely and then not; true when anything was running."""
        pid, _ = self._read_state()
        members = self._session()
        # The leader alone is asked first: it ends its workers in its own order. Then what it left behind.
        _end([process for process in members if process.pid == pid], psutil.Process.terminate, STOP_SECONDS)
        _end(self._session(), psutil.Process.terminate, ORPHAN_SECONDS)
        _end(self._session(), psutil.Process.kill, ORPHAN_SECONDS)
        self.state_file.unlink(missing_ok=True)
        return bool(members)

    def _session(self) -> list[psutil.Process]:
        """The living processes of the session, even when its leader has died."""
        pid, created = self._read_state()
        if not pid:
            return []
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).create_time() != created:
                return []  # the id was given to another process, so the session is gone
        members = []
        for process in psutil.process_iter():
            with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
                if os.getsid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                    members.append(process)
        return members

    def _read_state(self) -> tuple[int, float]:
        """Process id and start time; (0, 0.0) when it was never started."""
        try:
            state = json.loads(self.state_file.read_text())
        except FileNotFoundError:
            return 0, 0.0
        return int(state["pid"]), float(state["created"])


def wait_until_ready(
    servers: Sequence[BackgroundServer],
    is_ready: Callable[[], bool],
    tell: Callable[[], None],
) -> None:
    """Wait for `is_ready` as long as all servers live; `tell` is called again and again.

    Raises `ServerStartError` when one has ended, or after `PATIENCE_SECONDS`; what runs is then left running.
    """
    began = time.monotonic()
    while not is_ready():
        for server in servers:
            if not server.is_running():
                raise ServerStartError(f"{server.name} ended while it was starting: see {server.log_file}")
        _pause(servers, began, tell)


def _pause(servers: Sequence[BackgroundServer], began: float, tell: Callable[[], None]) -> None:
    if time.monotonic() - began > PATIENCE_SECONDS:
        names = ", ".join(server.name for server in servers)
        logs = ", ".join(str(server.log_file) for server in servers)
        raise ServerStartError(
            f"{names}: still starting after {PATIENCE_SECONDS} s and goes on, call again to wait: see {logs}"
        )
    tell()
    time.sleep(PAUSE_SECONDS)


def _end(processes: list[psutil.Process], how: Callable[[psutil.Process], None], seconds: float) -> None:
    """Ask or force processes to end, and wait for them for a while."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            how(process)
    psutil.wait_procs(processes, timeout=seconds)
