"""kill -9 while decisions are kept or take effect: the old state or the new one, never one between."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from ganxun.steps.build import BuildFailed, build
from tests.quarantine.desk import NEXT_NIGHT, Desk

CORRECTION = ("--set", "lesson_date=2026-02-28", "--why", "asked the office")
OLD = {"read": 3, "loaded": 1, "quarantined": 2, "superseded": 0, "discarded": 0}
NEW = {"read": 3, "loaded": 2, "quarantined": 1, "superseded": 0, "discarded": 0}

# Says that the rows are written, before the ledger knows of them, and waits for its end.
APPLY_AND_WAIT = """
    from connectors.ledger import Ledger
    from ganxun.quarantine.apply import apply_decisions
    def wait(suite, tables):
        print("reached", flush=True)
        time.sleep(600)
    with Ledger(settings.zones) as ledger:
        apply_decisions(settings, ledger, wait)
"""
APPLY = """
    from connectors.ledger import Ledger
    from ganxun.quarantine.apply import apply_decisions
    with Ledger(settings.zones) as ledger:
        print("reached", flush=True)
        apply_decisions(settings, ledger, lambda suite, tables: [])
"""
# Says that the decision is written aside, before it has its name, and waits for its end.
DECIDE_AND_WAIT = """
    from ganxun.quarantine import decide, decisions
    from ganxun.quarantine.book import Filter
    def wait(temporary, final):
        print("reached", flush=True)
        time.sleep(600)
    decisions.publish_file = wait
    decide.decide(settings, decide.Request("discarded", Filter(target=sys.argv[2]), False, "why", "by"))
"""


# Says that the ledger is half changed, and waits for its end.
COMMIT_AND_WAIT = """
    from connectors import ledger as ledgers
    from ganxun.quarantine.apply import apply_decisions
    def wait(version):
        print("reached", flush=True)
        time.sleep(600)
    ledgers.astuple = wait
    with ledgers.Ledger(settings.zones) as ledger:
        apply_decisions(settings, ledger, lambda suite, tables: [])
"""


def start(script: str, desk: Desk, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own on the desk's data, once it has said that it is where it should be."""
    begin = "import sys, time\nfrom pathlib import Path\nfrom ganxun.settings import Settings\n"
    settings = "settings = Settings(data_dir=Path(sys.argv[1]))\n"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            begin + settings + textwrap.dedent(script),
            str(desk.settings.data_dir),
            *arguments,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while (line := process.stdout.readline().strip()) != "reached":
        assert line or process.poll() is None, "the process ended before it was where it should be"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_kill_between_parquet_and_ledger_leaves_the_old_state_and_the_next_run_the_new(desk: Desk) -> None:
    desk.ask("release", desk.row("lesson", "lesson_date"), *CORRECTION)
    never_killed = desk.copy(desk.folder.with_name("never-killed"))
    kill(start(APPLY_AND_WAIT, desk))
    written = sorted(path.name for path in desk.settings.zones.raw.glob("*/decided/*.parquet"))
    assert len(written) == 2  # rows and quarantine lie there, and nothing counts of them
    assert desk.batch("lesson") == OLD
    assert desk.groups("--all")["lesson", "lesson_date"]["rows_waiting"] == 1
    assert desk.apply() == never_killed.apply() == 1
    assert desk.batch("lesson") == NEW
    assert desk.rows("academic__lesson") == never_killed.rows("academic__lesson")
    assert sorted(path.name for path in desk.settings.zones.raw.glob("*/decided/*.parquet")) == written


def test_a_kill_in_the_middle_of_the_ledgers_change_leaves_what_counted_before(desk: Desk) -> None:
    row = desk.row("lesson", "lesson_date")
    desk.ask("release", row, *CORRECTION)
    desk.apply()
    desk.ask("discard", row, "--why", "it was never held")
    kill(start(COMMIT_AND_WAIT, desk))
    assert desk.batch("lesson") == NEW
    desk.apply()
    assert desk.batch("lesson") == OLD | {"discarded": 1}


def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new(desk: Desk) -> None:
    desk.ask("release", desk.row("lesson", "lesson_date"), *CORRECTION)
    chance = random.Random(5)
    seen = []
    for _ in range(6):
        process = start(APPLY, desk)
        time.sleep(chance.uniform(0, 0.25))
        kill(process)
        seen.append(desk.batch("lesson"))  # files and ledger agree, or this fails
    assert [state for state in seen if state not in (OLD, NEW)] == []
    desk.apply()
    assert desk.batch("lesson") == NEW
    used = {path.stem for path in desk.settings.zones.raw.glob("*/decided/*")}
    assert len(used) == 1 and not any(name.startswith(".part") for name in used)


def test_a_kill_while_a_decision_is_kept_leaves_no_half_of_it(desk: Desk) -> None:
    row = desk.row("enrollment", "result")
    kill(start(DECIDE_AND_WAIT, desk, row))
    (leftover,) = desk.decisions()
    assert leftover.name.startswith(".part-")
    assert desk.apply() == 0
    assert desk.groups()["enrollment", "result"]["rows_open"] == 1
    desk.ask("discard", row, "--why", "a test entry")
    assert desk.apply() == 1


def test_a_damaged_decision_stops_the_build_and_is_named(desk: Desk) -> None:
    desk.ask("discard", desk.row("enrollment", "result"), "--why", "a test entry")
    (kept,) = desk.decisions()
    kept.write_text(kept.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    refused = desk.type("list")
    assert refused.exit_code == 2 and f"decisions/quarantine/{kept.name}" in refused.output
    with pytest.raises(BuildFailed, match=kept.name):  # without it, it would load what somebody left out
        build(desk.settings, NEXT_NIGHT)
