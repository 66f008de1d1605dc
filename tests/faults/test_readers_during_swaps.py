"""Two hundred readers ask while versions are swapped: no error, and nobody sees parts of two nights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from ganxun.settings import PROJECT_ROOT
from ganxun.steps.rollback import list_versions, roll_back
from tests.faults.readers import ask
from tests.faults.small_city import SmallCity

pytestmark = pytest.mark.e2e

PROCESSES, READERS_OF_EACH = 5, 50
READERS_IN_FLIGHT = 200
SWAPS = 4


def test_readers_see_one_whole_night_whatever_is_swapped(small_city: SmallCity, tmp_path: Path) -> None:
    deployment = small_city.both_nights(tmp_path)
    settings, stop = deployment.settings, tmp_path / "stop"
    newer, older = (version.run_id for version in list_versions(settings))
    answers = {run: ask(settings.zones.versions / run / "warehouse.duckdb") for run in (newer, older)}
    assert answers[newer] != answers[older]
    swaps: list[float] = []
    with ExitStack() as stack:
        try:
            processes = [
                stack.enter_context(start_readers(settings.zones.published, stop)) for _ in range(PROCESSES)
            ]
            time.sleep(5)  # until all have begun; whether they have is asserted below
            for number in range(SWAPS):
                roll_back(settings, older if number % 2 == 0 else newer)
                swaps.append(time.monotonic())
                time.sleep(2)
        finally:
            stop.touch()
        visits = [visit for process in processes for visit in json.loads(process.communicate()[0])]
    seen = [tuple(answer) for _, _, answer in visits]
    assert {*seen} == {tuple(answer) for answer in answers.values()}
    in_flight = [sum(begun < swap < ended for begun, ended, _ in visits) for swap in swaps]
    assert min(in_flight) >= READERS_IN_FLIGHT, in_flight
    # A visit that begins after a swap sees what was swapped in.
    for number, swap in enumerate(swaps[:-1]):
        wanted = answers[older if number % 2 == 0 else newer]
        after = [answer for begun, ended, answer in visits if swap < begun and ended < swaps[number + 1]]
        assert after
        assert all(answer == wanted for answer in after)


def start_readers(published: Path, stop: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.readers", str(published), str(READERS_OF_EACH), str(stop)],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
