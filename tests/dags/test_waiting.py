"""`ganxun up` on a busy machine: it waits, says for what, goes on when called again, fails in a sentence."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dashboards.instance import server as superset
from ganxun import background, servers
from ganxun.background import BackgroundServer, ServerStartError, wait_until_ready
from ganxun.cli import app
from ganxun.cli.waiting import show_waiting
from ganxun.servers import find_free_port
from ganxun.settings import Settings
from tests.dags.slow_servers import write_slow_servers

pytestmark = pytest.mark.e2e

STEPS = [
    "Airflow: preparing its metadata (db migrate)",
    "Airflow: preparing its metadata (pools import)",
    "Airflow: starting api-server",
    "Airflow: starting scheduler",
    "Airflow: starting dag-processor",
    "Airflow: waiting for api-server",
    "Airflow: waiting for scheduler, dag-processor",
    "Superset: loading its programme",
    "Superset: loading Superset",
    "Superset: importing 404 dashboards, charts and datasets",
    "Superset: waiting for the web server to answer",
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A deployment whose servers are slow."""
    airflow, superset_bin = write_slow_servers(tmp_path / "slow")
    monkeypatch.setattr(servers, "AIRFLOW", airflow)
    monkeypatch.setattr(superset, "SUPERSET_BIN", superset_bin)
    monkeypatch.setattr(servers, "AIRFLOW_PORT", find_free_port(0))
    monkeypatch.setattr(servers, "SUPERSET_PORT", find_free_port(0))
    settings = Settings(data_dir=tmp_path / "data")
    yield settings
    servers.down(settings)


def up(settings: Settings) -> tuple[int, str]:
    """`ganxun up` as it is typed: exit code, and everything it said."""
    done = CliRunner().invoke(app, ["up", "--data-dir", str(settings.data_dir)])
    assert done.exception is None or isinstance(done.exception, SystemExit), "a traceback"
    return done.exit_code, done.output


def bootstraps(settings: Settings) -> str:
    """`(` for each bootstrap that began, `)` for each that ended."""
    return (settings.data_dir / "run" / "bootstraps").read_text()


def test_nobody_looks_at_a_screen_that_does_not_say_what_it_waits_for(settings: Settings) -> None:
    code, said = up(settings)
    assert code == 0
    assert [step for step in STEPS if step not in said] == []
    assert [said.index(step) for step in STEPS] == sorted(said.index(step) for step in STEPS)
    assert "password secret" in said.replace("\n", " ")


def test_a_machine_that_is_too_slow_for_one_call_is_up_after_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "PATIENCE_SECONDS", 1)
    monkeypatch.setenv("SLOW", "2")
    calls = 1
    while (answer := up(settings))[0]:
        assert "still starting after 1 s and goes on, call again to wait: see" in answer[1]
        calls += 1
        assert calls < 40
    assert calls > 3
    begun = bootstraps(settings)
    assert begun.count("(") == begun.count(")"), "one was killed half-way"


def test_a_call_that_was_interrupted_is_gone_on_with_and_not_begun_anew(settings: Settings) -> None:
    home = superset.SupersetHome(settings.data_dir)
    home.create()
    # As after Ctrl-C or a closed terminal: the caller is gone, its bootstrap is still at work.
    left = superset._background_bootstrap(home)
    command = [str(superset.SUPERSET_BIN / "python"), "-m", "dashboards.instance.bootstrap"]
    process = left.start(command, superset.environment(home) | {"SLOW": "2"}, home.root)
    threading.Thread(target=process.wait).start()
    told: list[str] = []
    superset.bootstrap(settings.data_dir, tell=told.append)
    assert bootstraps(settings) == "()()", "two at once would write the same metadata"
    assert any("importing" in what for what in told)


def test_a_server_that_is_still_starting_is_waited_for_and_not_called_up(settings: Settings) -> None:
    running = superset.start(settings.data_dir, find_free_port(0))
    pid = superset._background(superset.SupersetHome(settings.data_dir))._read_state()[0]
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(2, os.kill, (pid, signal.SIGCONT)).start()
    told: list[str] = []
    before = time.monotonic()
    assert superset.start(settings.data_dir, tell=told.append) == running
    assert time.monotonic() - before > 1.5
    assert set(told) <= {f"Superset: waiting for the web server to answer at {running.url}"}


@pytest.mark.parametrize(
    ("broken", "sentence", "log"),
    [
        ("db", "airflow db migrate failed: see", "airflow-prepare.log"),
        ("scheduler", "airflow-scheduler ended while it was starting: see", "airflow-scheduler.log"),
        (
            "bootstrap",
            "Superset could not be prepared (importing 404 dashboards, charts and datasets): see",
            "superset.log",
        ),
        ("gunicorn", "superset ended while it was starting: see", "superset.log"),
    ],
)
def test_a_failure_is_one_sentence_with_the_logs_place(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, broken: str, sentence: str, log: str
) -> None:
    monkeypatch.setenv("BROKEN", broken)
    monkeypatch.setenv("SLOW", "0.2")
    code, said = up(settings)
    last = said.strip().splitlines()[-1]
    assert code == 1
    assert sentence in last and last.endswith(str(settings.data_dir / "logs" / log))
    assert "Traceback" not in said
    assert Path(last.rsplit(" ", 1)[1]).read_text(), "the log says why"
    # What is mended is gone on with.
    monkeypatch.delenv("BROKEN")
    assert up(settings)[0] == 0


def test_what_dies_while_it_is_waited_for_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    server = BackgroundServer("test", tmp_path / "test.json", tmp_path / "test.log")
    server.start([sys.executable, "-c", "import time; time.sleep(1)"], {}, tmp_path)
    with pytest.raises(ServerStartError, match=r"test ended while it was starting: see .*test\.log"):
        wait_until_ready([server], lambda: False, lambda: None)


def test_what_is_slow_is_not_killed_when_patience_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = BackgroundServer("test", tmp_path / "test.json", tmp_path / "test.log")
    server.start([sys.executable, "-c", "import time; time.sleep(60)"], {}, tmp_path)
    monkeypatch.setattr(background, "PATIENCE_SECONDS", 1)
    with pytest.raises(ServerStartError, match=r"goes on, call again to wait: see .*test\.log"):
        wait_until_ready([server], lambda: False, lambda: None)
    assert server.is_running()
    assert server.stop()


def test_a_second_up_says_that_it_waits_for_the_first(settings: Settings) -> None:
    told: list[str] = []
    with servers._only_one(settings, told.append):
        second = threading.Thread(target=servers.down, args=(settings, told.append))
        second.start()
        end = time.monotonic() + 20
        while not told:
            assert time.monotonic() < end
            time.sleep(0.05)
    second.join(60)
    assert set(told) == {"waiting for another `ganxun up` or `ganxun down` of this data directory to end"}


def test_a_log_without_a_terminal_grows_by_a_line_a_step_and_a_reminder() -> None:
    said = io.StringIO()
    with show_waiting(Console(file=said, width=80), remind=0.2) as tell:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            tell("Superset: importing")
            time.sleep(0.01)
        tell("Superset: starting")
    lines = said.getvalue().splitlines()
    assert lines[0] == "Superset: importing" and lines[-1] == "Superset: starting"
    assert 1 <= len(lines) - 2 <= 3
    assert all(line.startswith("Superset: importing: 0 s so far") for line in lines[1:-1])


def test_a_terminal_shows_a_running_clock_and_keeps_what_each_step_took() -> None:
    said = io.StringIO()
    with show_waiting(Console(file=said, width=80, force_terminal=True)) as tell:
        tell("Superset: importing")
        time.sleep(0.3)
        tell("Superset: starting")
    assert "0:00:00" in said.getvalue()
    assert "Superset: importing: 0 s" in said.getvalue() and "Superset: starting: 0 s" in said.getvalue()


def test_an_interrupted_up_says_what_goes_on(settings: Settings, tmp_path: Path) -> None:
    call = (
        # Tests that run in the background of a shell hand down that Ctrl-C is ignored.
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys\nfrom pathlib import Path\n"
        "from dashboards.instance import server\nfrom ganxun import cli, servers\n"
        f"servers.AIRFLOW = Path({str(servers.AIRFLOW)!r})\n"
        f"server.SUPERSET_BIN = Path({str(superset.SUPERSET_BIN)!r})\n"
        f"sys.argv = ['ganxun', 'up', '--data-dir', {str(settings.data_dir)!r}]\ncli.app()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", call], stderr=subprocess.PIPE, text=True, env=os.environ | {"SLOW": "4"}
    )
    assert process.stderr is not None
    while "db migrate" not in (line := process.stderr.readline()):
        assert line, "it ended before it said anything"
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "goes on" in rest and "Traceback" not in rest
    assert servers._server(settings, "prepare").is_running()
    assert up(settings)[0] == 0
