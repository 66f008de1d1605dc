"""`make server-up` and its health check fail in a sentence, not in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.instance.server_setup import trial
from dashboards.instance.server_setup.trial import Trial, TrialError
from dashboards.instance.server_setup.units import Unit
from ganxun.settings import PROJECT_ROOT


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("up", "redis-server is missing: make server-packages"),
        ("health", "nothing has been started here: make server-up"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(command: str, sentence: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboards.instance.server_setup.trial", command],
        cwd=PROJECT_ROOT,
        env={**os.environ, "GANXUN_DATA_DIR": str(tmp_path), "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"{sentence}\n")


def test_a_unit_that_fails_leaves_what_it_said_in_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["/bin/sh", "-c", "echo worker: NOT WELL; echo Traceback >&2; exit 3"]
    monkeypatch.setattr(trial, "read_unit", lambda name, data_dir: Unit(name, command, {}, tmp_path))
    log = tmp_path / "logs" / "server-some-unit.log"
    with pytest.raises(TrialError) as failure:
        Trial(tmp_path).run("some-unit")
    assert str(failure.value) == f"some-unit ended with exit 3, see {log}:\nworker: NOT WELL"
    assert log.read_text() == "worker: NOT WELL\n\nTraceback\n"
