"""For each expectation one statement that damages the good tables so that just it must speak up.

Keys are `<table>.<name of the expectation>`. `test_suites.py` refuses an expectation without a damage here.
"""

from __future__ import annotations

from tests.expectations.damages.marts import MARTS
from tests.expectations.damages.sources import ACADEMIC, ACADEMY, CADRE, MOBILE

DAMAGES = {"cadre": CADRE, "academic": ACADEMIC, "academy": ACADEMY, "mobile": MOBILE, "marts": MARTS}
