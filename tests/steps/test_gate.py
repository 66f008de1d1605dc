"""A snapshot with far fewer rows than before waits for a person, and holds up nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.ledger import Ledger
from connectors.ledger_tables import ops_tables
from ganxun.settings import Settings
from tests.connectors.exports import NIGHT, TABLES, write_database
from tests.steps.city import City
from tests.steps.suspicious import (
    DAY_BEFORE,
    TONIGHT,
    find_waiting,
    write_people,
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def test_a_snapshot_that_lost_its_people_does_not_empty_the_warehouse(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 30)
    report = city.land("cadre", validate=None)
    assert (report.files_landed, report.files_held, report.files_rejected) == (1, 1, 0)
    assert report.newest_business_date == DAY_BEFORE
    assert report.held_back_reason == (
        f"{TONIGHT}: held at the gate: person 30 rows, 40 before (down 25.0%, limit 20%);"
        f" if that is right: ganxun accept {TONIGHT}"
    )
    assert report.is_damaged_tonight  # waiting for tonight's export would be in vain
    assert city.values("cadre__person", "_business_date") == [DAY_BEFORE] * 40
    # Its bytes are safe.
    assert len([path for path in (city.settings.zones.landing / "cadre").rglob("*") if path.is_file()]) == 2


def test_a_fall_within_the_limit_and_a_first_night_pass(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 32)
    report = city.land("cadre")
    assert (report.files_landed, report.is_ok) == (2, True)


def test_a_handful_of_rows_is_too_few_to_compare(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 19)
    write_people(city.drop, NIGHT, 3)
    assert city.land("cadre").is_ok


def test_a_held_snapshot_keeps_no_other_file_and_no_other_source_waiting(city: City) -> None:
    lessons = [TABLES["lesson"][0] | {"lesson_id": f"K{number}"} for number in range(30)]
    write_database(city.drop, DAY_BEFORE, tables={"lesson": lessons})
    write_database(city.drop, NIGHT, tables={"lesson": lessons[:3]})
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 40)
    academic, cadre = city.land("academic"), city.land("cadre")
    assert (academic.files_held, academic.newest_business_date) == (1, DAY_BEFORE)
    assert "lesson 3 rows, 30 before (down 90.0%" in (academic.held_back_reason or "")
    assert (cadre.files_landed, cadre.is_ok, cadre.newest_business_date) == (2, True, NIGHT)


def test_a_held_file_is_listed_with_its_numbers_and_counts_no_row(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    city.land("cadre")
    with Ledger(city.settings.zones) as ledger:
        tables = ops_tables(ledger, NIGHT)
        assert ops_tables(ledger, DAY_BEFORE)["held"].num_rows == 0
    (batch,) = (row for row in tables["batch"].to_pylist() if row["source_file"] == TONIGHT)
    assert (batch["status"], batch["entity"], batch["rows_read"], batch["rows_loaded"]) == ("held", "*", 0, 0)
    assert batch["reason"] == "held at the gate: person 3 rows, 40 before (down 92.5%, limit 20%)"
    (held,) = tables["held"].to_pylist()
    assert held == {
        "source": "cadre", "source_file": TONIGHT, "entity": "person", "business_date": NIGHT,
        "rows_now": 3, "rows_before": 40, "nights_before": 1, "fall_limit": 0.2,
    }  # fmt: skip


def test_the_same_night_again_changes_nothing_and_says_it_again(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    first = city.land("cadre")
    before = dump_files(city.settings)
    second = city.land("cadre")
    assert second.held_back_reason == first.held_back_reason
    assert (second.files_landed, second.files_held, second.rows_read) == (0, 1, 0)
    assert dump_files(city.settings) == before


def dump_files(settings: Settings) -> list[tuple]:
    with Ledger(settings.zones) as ledger:
        return [
            tuple(row)
            for table in ("file", "batch", "held_rows", "acceptance")
            for row in ledger.query(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]


def test_a_corrected_export_of_the_night_makes_the_held_one_moot(city: City) -> None:
    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 3)
    assert not city.land("cadre").is_ok
    write_people(city.drop, NIGHT, 39, revision=2)
    report = city.land("cadre")
    assert (report.files_landed, report.files_held, report.is_ok) == (1, 0, True)
    assert find_waiting(city.settings) == []
    assert city.land("cadre").faults == []


def test_a_suspicious_correction_does_not_replace_the_good_export_of_the_night(city: City) -> None:
    write_people(city.drop, NIGHT, 40)
    write_people(city.drop, NIGHT, 3, revision=2)
    report = city.land("cadre")
    assert (report.files_landed, report.files_held, report.is_ok) == (1, 1, True)
    assert len(city.values("cadre__person", "a0000")) == 40
    assert find_waiting(city.settings) == ["cadre/GBGL_20260630_r2.zip"]


def test_a_limit_changed_in_the_contract_lets_the_file_pass(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors import contract

    write_people(city.drop, DAY_BEFORE, 40)
    write_people(city.drop, NIGHT, 30)
    assert city.land("cadre").files_held == 1
    text = (Path(contract.__file__).parent / "cadre" / "contract.yml").read_text(encoding="utf-8")
    eased = contract.parse_contract(text.replace("limit: 0.2", "limit: 0.3"))
    monkeypatch.setattr("ganxun.steps.land.load_contract", lambda _: eased)
    assert city.land("cadre").is_ok
