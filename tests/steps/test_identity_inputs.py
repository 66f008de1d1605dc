from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from connectors.zones import Zones
from ganxun.steps.identity_inputs import (
    DECISION_COLUMNS,
    DecisionsUnreadable,
    add_identity_tables,
    digest_decisions,
    find_earlier_version,
    read_decisions,
)

HEADER = ",".join(DECISION_COLUMNS)
GOOD = "academy,U1,GB1,confirmed,王敏,2026-06-30,电话核实"


@pytest.fixture
def zones(tmp_path: Path) -> Zones:
    zones = Zones(tmp_path)
    zones.create()
    return zones


def write(zones: Zones, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    zones.identity_decisions.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return zones.identity_decisions


def publish(zones: Zones, run_id: str, sql: str) -> Path:
    """A published version whose restricted file holds what the statement makes."""
    version = zones.versions / run_id
    version.mkdir(parents=True)
    with duckdb.connect(str(version / zones.restricted.name)) as connection:
        connection.execute("create schema restricted")
        connection.execute(sql)
    zones.restricted.unlink(missing_ok=True)
    zones.restricted.symlink_to(version / zones.restricted.name)
    return version


def history(person: str, valid_from: str) -> str:
    return (
        "create table restricted.identity_history as select 'academy' as source, "
        f"'{person}' as source_person_id, 'GB1' as person_code, 'staff_no' as rule, "
        "1.0::double as score, 'rule' as decided_by, "
        f"date '{valid_from}' as valid_from, null::date as valid_to"
    )


def read_raw(zones: Zones, business_date: date) -> tuple[list[tuple], list[tuple]]:
    """Rows of the two raw tables as a build of the date finds them."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        add_identity_tables(connection, zones, business_date)
        return (
            connection.execute("from raw.ops__identity_decision").fetchall(),
            connection.execute(
                "select source_person_id, valid_from, valid_to from raw.ops__identity_history"
            ).fetchall(),
        )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_decision_saved_by_a_spreadsheet_program_is_not_lost(zones: Zones, encoding: str) -> None:
    path = write(zones, GOOD, ",,,,,,", encoding=encoding)
    assert read_decisions(path) == [
        ("academy", "U1", "GB1", "confirmed", "王敏", date(2026, 6, 30), "电话核实")
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("academy,U1,GB1,yes,王敏,2026-06-30,", "row 3: decision is neither"),
        ("academy,U1,,confirmed,王敏,2026-06-30,", "row 3: person_code is empty"),
        ("cadre,U1,GB1,confirmed,王敏,2026-06-30,", "row 3: source is none of"),
        ("academy,U2,GB1,confirmed,王敏,30.6.2026,", "row 3: decided_on is not a date"),
        ("academy,U1,GB1,rejected,王敏,2026-06-30,", "row 3: this pair is decided in another row too"),
    ],
)
def test_a_decision_that_cannot_be_read_is_never_left_out_silently(
    zones: Zones, row: str, fault: str
) -> None:
    with pytest.raises(DecisionsUnreadable, match=fault) as caught:
        read_decisions(write(zones, GOOD, row))
    assert not any(personal in str(caught.value) for personal in ("U1", "GB1", "王敏"))


def test_a_column_that_is_missing_is_named(zones: Zones) -> None:
    with pytest.raises(DecisionsUnreadable, match="column missing: decided_on"):
        read_decisions(write(zones, header="source,source_person_id,person_code,decision,decided_by"))


def test_another_decision_asks_for_another_build(zones: Zones) -> None:
    nothing = digest_decisions(zones)
    write(zones, GOOD)
    once = digest_decisions(zones)
    write(zones, GOOD.replace("confirmed", "rejected"))
    assert len({nothing, once, digest_decisions(zones)}) == 3


def test_the_first_night_knows_nothing(zones: Zones) -> None:
    assert read_raw(zones, date(2026, 6, 30)) == ([], [])


def test_a_replay_starts_from_where_its_night_did(zones: Zones) -> None:
    publish(zones, "20260628-20260628T230000-aaaa", history("first", "2026-06-28"))
    before = publish(zones, "20260629-20260629T230000-aaaa", history("before", "2026-06-29"))
    publish(zones, "20260630-20260630T230000-aaaa", history("itself", "2026-06-30"))
    assert find_earlier_version(zones, date(2026, 6, 30)) == before
    assert read_raw(zones, date(2026, 6, 30))[1] == [("before", date(2026, 6, 29), None)]
    # an old date whose eve is pruned goes on from the published one: the model keeps what is earlier
    assert read_raw(zones, date(2026, 6, 28))[1] == [("itself", date(2026, 6, 30), None)]


def test_a_version_from_before_there_was_a_history_begins_one(zones: Zones) -> None:
    publish(
        zones,
        "20260629-20260629T230000-aaaa",
        "create table restricted.identity_link as select 'academy' as source, unnest(['tied', 'not']) as "
        "source_person_id, unnest(['GB1', null]) as person_code, 'staff_no' as rule, 1.0::double as score, "
        "'rule' as decided_by",
    )
    assert read_raw(zones, date(2026, 6, 30))[1] == [("tied", date(2026, 6, 29), None)]
