"""Processes of the program for tests that need real ones: to be killed, to run at once, with an environment.

Importing dbt and Great Expectations takes five CPU seconds, a good part of a small city's night. So these
processes are forked (multiprocessing's forkserver) from one that has imported all of it and done nothing
else; what each of them does is the program's own. That the program starts from nothing is held by tests that
call it as people do (`Deployment.run_from_nothing` for a whole night, tests/test_command_line.py).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

IMPORTED = "tests.imported"  # what the forked processes have imported


class Forked:
    """A running process, with what of `subprocess.Popen` the tests use."""

    def __init__(
        self, work: Callable[..., None], *arguments: Any, environment: Mapping[str, str] | None = None
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="process-")
        self._outputs = [Path(self._folder.name) / name for name in ("stdout", "stderr")]
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([IMPORTED])
        self._process = context.Process(
            target=_run,
            args=(work, arguments, self._outputs, {**os.environ, **(environment or {})}, str(Path.cwd())),
        )
        self._process.start()

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.join()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As of `subprocess`: negative for a signal, None while it runs."""
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it wrote, once it has ended. Raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self._process), timeout or 0)
        stdout, stderr = (path.read_text(encoding="utf-8") for path in self._outputs)
        return stdout, stderr


def _run(
    work: Callable[..., None],
    arguments: tuple[Any, ...],
    outputs: list[Path],
    environment: dict[str, str],
    folder: str,
) -> None:
    for descriptor, path in enumerate(outputs, start=1):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # As in a program that somebody starts: the forkserver has its own ideas of these.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    try:
        work(*arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def run_program(*arguments: str) -> None:
    """`ganxun …`: ends the process with the program's exit code."""
    sys.argv = ["ganxun", *arguments]
    from ganxun.cli import app

    app()
