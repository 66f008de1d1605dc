"""Worlds that many tests look at (tests/worlds.py), and what every test needs."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog

from ganxun.settings import PROJECT_ROOT
from tests import tiers
from tests.drops import write_simulated_city
from tests.nights import Night, run_last_night
from tests.planted_nights import ThreeNights, run_three_nights
from tests.worlds import find_touched, make_world

SAMPLES = PROJECT_ROOT / "data" / "samples"


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """A command that is called in the tests' process sends all later logs into its own data folder."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
    kept = logging.getLogger("ganxun")
    for handler in list(kept.handlers):
        kept.removeHandler(handler)
        handler.close()
    kept.propagate = True


@pytest.fixture(autouse=True)
def no_width_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a library or a former test left in the environment does not break the lines of a command."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def city_small() -> Path:
    """The sample drop with expected results beside it."""
    return SAMPLES / "city-small"


@pytest.fixture(scope="session")
def city_small_night(city_small: Path) -> Night:
    """The sample after its last night."""
    return make_world("city-small-night", partial(run_last_night, city_small), city_small)


@pytest.fixture(scope="session")
def simulated_city() -> Path:
    """A drop of 200 made-up cadres with two nights, 2026-06-29 and 2026-06-30."""
    return make_world("simulated-city", write_simulated_city)


@pytest.fixture(scope="session")
def simulated_night(simulated_city: Path) -> Night:
    """The simulated city after its last night."""
    return make_world("simulated-night", partial(run_last_night, simulated_city), simulated_city)


@pytest.fixture(scope="session")
def three_nights() -> ThreeNights:
    """A city with planted changes after each of three nights, run as they came. One target is lowered."""
    return make_world("three-nights", run_three_nights)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make quick` runs the quick ones."""
    if tiers.QUICK in os.environ:
        tiers.keep_quick(config, items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that changes what all look at fails the run; which files it changed is told."""
    if "PYTEST_XDIST_WORKER" not in os.environ and (touched := find_touched()):
        for world, files in touched.items():
            print(f"\na test changed the world {world}, which is put away: {', '.join(files[:5])}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
