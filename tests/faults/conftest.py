"""The city that faults are made in."""

from __future__ import annotations

import pytest

from tests.faults.small_city import SmallCity, run_small_city
from tests.worlds import make_world


@pytest.fixture(scope="session")
def small_city() -> SmallCity:
    """Made once; nothing in it is changed: `deployment` gives a copy."""
    return make_world("small-city", run_small_city)
