"""Of a delta a whole night is judged, against the nights before: quiet nights and parts are no alarm."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.connectors.exports import NIGHT
from tests.steps.city import City
from tests.steps.suspicious import (
    DAY_BEFORE,
    accept_file,
    write_mobile,
    write_usual_nights,
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def test_a_delta_that_is_nearly_empty_waits_while_its_neighbours_are_loaded(city: City) -> None:
    write_usual_nights(city.drop)
    write_mobile(city.drop, NIGHT, 12)
    report = city.land("mobile")
    assert (report.files_landed, report.files_held, report.newest_business_date) == (7, 1, DAY_BEFORE)
    assert "statements 12 rows, 204 in the median of 7 nights (down 94.1%, limit 90%)" in report.faults[0]
    assert not any(day == NIGHT for day in city.values("mobile__statements", "_business_date"))
    following = NIGHT + timedelta(days=1)
    write_mobile(city.drop, following, 190)
    later = city.land("mobile", following)
    assert (later.files_landed, later.files_held, later.newest_business_date) == (1, 1, following)
    assert not later.is_ok  # its rows are missing every night until somebody looks
    accept_file(city.settings, f"mobile/dt={NIGHT}/statements-0001.ndjson.gz")
    assert city.land("mobile", following).is_ok


def test_the_small_last_part_of_a_whole_night_is_no_fall(city: City) -> None:
    write_usual_nights(city.drop)
    write_mobile(city.drop, NIGHT, 6, part="0001")
    write_mobile(city.drop, NIGHT, 190, part="0002")
    write_mobile(city.drop, NIGHT, 3, part="0003")
    assert city.land("mobile").files_landed == 10


def test_a_night_that_is_whole_with_its_late_part_needs_nobody(city: City) -> None:
    write_usual_nights(city.drop)
    write_mobile(city.drop, NIGHT, 6, part="0001")
    assert city.land("mobile").files_held == 1
    write_mobile(city.drop, NIGHT, 190, part="0002")
    report = city.land("mobile")
    assert (report.files_landed, report.files_held, report.is_ok) == (2, 0, True)


def test_a_part_sent_again_with_its_corrections_only_is_no_fall(city: City) -> None:
    write_usual_nights(city.drop)
    whole = write_mobile(city.drop, NIGHT, 200)
    city.land("mobile")
    again = whole.with_name("statements-0001_r2.ndjson.gz")
    again.write_bytes(write_mobile(city.drop / "elsewhere", NIGHT, 1, part="0009").read_bytes())
    assert city.land("mobile").files_landed == 1


def test_few_nights_and_a_past_in_months_say_nothing_about_a_usual_night(city: City) -> None:
    for month in range(1, 6):
        write_mobile(city.drop, date(2026, month, 28), 900)
    write_usual_nights(city.drop, count=3)
    write_mobile(city.drop, NIGHT, 4)
    assert city.land("mobile").files_landed == 9


def test_a_held_delta_under_two_names_is_loaded_once(city: City) -> None:
    write_usual_nights(city.drop)
    first = write_mobile(city.drop, NIGHT, 12)
    first.with_name("statements-0002.ndjson.gz").write_bytes(first.read_bytes())
    assert city.land("mobile").files_held == 2
    accept_file(city.settings, f"mobile/dt={NIGHT}/statements-0002.ndjson.gz")
    report = city.land("mobile")
    assert (report.files_landed, report.files_duplicate, report.files_held) == (1, 1, 0)
    assert city.values("mobile__statements", "_business_date").count(NIGHT) == 12
