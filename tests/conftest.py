"""Nights that many tests look at: each is run once in a session, for real, and never changed later."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
import structlog

from ganxun.night import NightReport, run_night
from ganxun.settings import PROJECT_ROOT, Settings
from tests.made_once import made_once
from tests.planted_nights import ThreeNights, run_three_nights

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples"
CITY_SMALL_DATE = date(2026, 6, 30)


@dataclass(frozen=True)
class Night:
    """A night that was run: its settings, drop and report."""

    settings: Settings
    drop: Path
    report: NightReport

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query on the published warehouse, with the restricted file attached as `r`."""
        with duckdb.connect(str(self.settings.zones.warehouse), read_only=True) as connection:
            connection.execute(f"set timezone = '{self.settings.timezone}'")
            connection.execute(f"attach '{self.settings.zones.restricted}' as r (read_only)")
            return connection.execute(sql).fetchall()


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


@pytest.fixture(scope="session")
def city_small() -> Path:
    """The sample drop with expected results; it is not part of the repository."""
    drop = SAMPLES / "city-small"
    if not drop.is_dir():
        pytest.skip("the sample city-small is not beside the repository")
    return drop


@pytest.fixture(scope="session")
def city_small_night(city_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The sample after its last night."""

    def make(folder: Path) -> Night:
        settings = Settings(data_dir=folder)
        return Night(settings, city_small, run_night(settings, str(city_small), CITY_SMALL_DATE))

    return made_once(tmp_path_factory, "city-small-night", make)


@pytest.fixture(scope="session")
def simulated_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drop of 200 made-up cadres with two nights, 2026-06-29 and 2026-06-30."""
    from ganxun.simulator import SimulationPlan, simulate

    def make(folder: Path) -> Path:
        plan = SimulationPlan(cadres=200, start=date(2021, 1, 1), end=CITY_SMALL_DATE, seed=11, nights=2)
        simulate(plan, folder / "drop")
        return folder / "drop"

    return made_once(tmp_path_factory, "simulated", make)


@pytest.fixture(scope="session")
def simulated_night(simulated_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The simulated city after its last night."""

    def make(folder: Path) -> Night:
        settings = Settings(data_dir=folder)
        return Night(settings, simulated_city, run_night(settings, str(simulated_city), CITY_SMALL_DATE))

    return made_once(tmp_path_factory, "simulated-night", make)


@pytest.fixture(scope="session")
def three_nights(tmp_path_factory: pytest.TempPathFactory) -> ThreeNights:
    """A city with planted changes after each of three nights, run as they came. One target is lowered."""
    return made_once(tmp_path_factory, "three-nights", run_three_nights)
