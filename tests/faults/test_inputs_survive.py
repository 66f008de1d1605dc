"""Everything that can be wrong with what comes in, made in the bytes of a drop and run through whole nights.

One city is delivered three times: intact; with every fault at once, each in a file of its own; and the same
folder after the systems have sent again what was damaged, corrected what was wrong and sent what was late.
The third must be the first, table by table. docs/reliability.md lists the faults and what happens.
"""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from tests.compare_warehouses import differing, read_tables
from tests.faults import drop_files as files
from tests.faults import planted_content as content
from tests.faults import planted_faults as planted
from tests.faults import planted_rows as rows
from tests.faults.nights import FIRST, LAST
from tests.faults.planted_city import Night, Nights, run_three_nights
from tests.faults.planted_faults import FILE_FAULTS, FileFault
from tests.faults.planted_rows import ROW_FAULTS, RowFault
from tests.worlds import make_world

pytestmark = pytest.mark.e2e

# What tells of deliveries and must differ: which files came, what was wrong with them, and how often.
OF_DELIVERIES = {
    "ops.ops_batch",
    "ops.ops_batch_night",
    "ops.ops_quarantine",
    "ops.ops_quarantine_reason",
}
# What names the file of a row: a corrected export has another name (`_r2`).
WITH_LINEAGE = {"marts.fct_training", "marts.fct_study_session"}
STILL_WRITTEN = "the file is still being written: its size changed while it was fetched"


@pytest.fixture(scope="module")
def nights() -> Nights:
    """The three nights; no test changes anything of them."""
    return make_world("inputs", run_three_nights)


# --- files that cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FILE_FAULTS, ids=lambda fault: fault.fault)
def test_a_damaged_file_is_named_with_its_reason_and_no_row_of_it_counts(
    nights: Nights, fault: FileFault
) -> None:
    assert f"{fault.path}: rejected: {fault.reason}" in nights.faulty.outcome.faults
    ((status, read, words, reason),) = nights.faulty.query(
        "SELECT status, rows_read, reason_name, reason FROM ops.ops_batch WHERE source_file = ?", fault.path
    )
    assert (status, read, reason) == ("rejected", 0, fault.reason)
    assert words != reason, "told in Chinese"


def test_a_night_of_faults_says_nothing_but_them(nights: Nights) -> None:
    expected = {f"{fault.path}: rejected: {fault.reason}" for fault in FILE_FAULTS}
    expected |= {
        f"{planted.UNKNOWN_NAME}: the name fits no pattern of the contract",
        f"{planted.GROWING}: rejected: {STILL_WRITTEN}",
    }
    assert sorted(nights.faulty.outcome.faults) == sorted(expected)


def test_a_file_that_still_grows_is_not_taken_for_whole(nights: Nights) -> None:
    assert nights.faulty.note_of(planted.GROWING) == ("rejected", STILL_WRITTEN)
    statuses = nights.recovered.query(
        "SELECT status, is_mended, rows_loaded > 0 FROM ops.ops_batch WHERE source_file = ? ORDER BY status",
        planted.GROWING,
    )
    assert statuses == [("loaded", False, True), ("rejected", True, False)]


def test_a_half_file_under_a_temporary_name_is_left_alone(nights: Nights) -> None:
    arrived = "SELECT count(*) FROM ops.ops_batch WHERE source_file LIKE '%statements-0009%'"
    assert nights.faulty.query(arrived) == [(0,)]
    assert nights.recovered.query(arrived) == [(1,)]


def test_several_gzip_members_are_one_file(nights: Nights) -> None:
    counted = "SELECT status, rows_loaded FROM ops.ops_batch WHERE source_file = ? AND status = 'loaded'"
    (whole,) = nights.intact.query(counted, planted.SEVERAL_MEMBERS)
    assert set(nights.faulty.query(counted, planted.SEVERAL_MEMBERS)) == {whole}


def test_only_the_sources_with_holes_are_held_back_and_say_so(nights: Nights) -> None:
    assert nights.faulty.outcome.exit_code == 3
    missing = nights.faulty.outcome.report["missing_sources"]
    cadre, academy = FILE_FAULTS[5], FILE_FAULTS[0]
    assert missing == {
        "cadre": f"{cadre.path}: {cadre.reason}",
        "academy": f"{academy.path}: {academy.reason}",
    }
    states = dict(nights.faulty.query("SELECT source, state_en FROM ops.ops_freshness"))
    assert states == {
        "cadre": "Behind",
        "academic": "Up to date",
        "academy": "Incomplete",
        "mobile": "Up to date",
    }


# --- rows that cannot be read ------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ROW_FAULTS, ids=lambda fault: fault.fault)
def test_a_bad_row_is_listed_with_file_row_field_and_reason(nights: Nights, fault: RowFault) -> None:
    ((read,),) = nights.recovered.query(
        "SELECT rows_read FROM ops.ops_batch WHERE source_file = ? AND status = 'loaded'", fault.source_file
    )
    header = 1 if fault.source_file.endswith(".csv") else 0
    row = read + header - fault.from_end + 1
    listed = nights.recovered.query(
        "SELECT field, action, reason FROM ops.ops_quarantine WHERE source_file = ? AND source_row = ?",
        fault.source_file,
        row,
    )
    assert listed == [(fault.field, fault.action, fault.reason)]


def test_nothing_but_the_planted_rows_and_units_is_quarantined(nights: Nights) -> None:
    listed = nights.recovered.query("SELECT action, count(*) FROM ops.ops_quarantine GROUP BY ALL ORDER BY 1")
    nulled = sum(fault.action == "nulled" for fault in ROW_FAULTS)
    assert listed == [
        ("nulled", nulled),
        ("quarantined", len(ROW_FAULTS) - nulled),
        ("reparented", len(content.CYCLE)),
    ]


def test_a_statement_sent_twice_counts_once_and_another_payload_does_not_replace_it(nights: Nights) -> None:
    ((superseded,),) = nights.recovered.query(
        "SELECT rows_superseded FROM ops.ops_batch WHERE source_file = ?", rows.SENT_TWICE
    )
    assert superseded == 1
    assert find_learnt(nights.recovered, rows.ONCE) == [(rows.ONCE.activity_date, 1.0, "credited")]


# --- columns -----------------------------------------------------------------------------------------------

_FIRST, _AGAIN = content.CADRE[FIRST], planted.CADRE_AGAIN


@pytest.mark.parametrize(
    ("night", "source_file", "reason"),
    [
        ("faulty", f"{_FIRST}#A01.csv", "columns missing: A0117"),
        ("faulty", f"{_FIRST}#B01.csv", "columns missing: B0114; columns ignored: TYXYDM"),
        ("recovered", f"{_AGAIN}#A01.csv", "columns ignored: A0178"),
        ("recovered", f"{_AGAIN}#B01.csv", "read as UTF-8 instead of GB18030"),
        ("recovered", f"{planted.ACADEMIC_AGAIN}#enrollment", "columns ignored: remark"),
        ("recovered", rows.USERS, "columns ignored: gender, uid"),
        (
            "recovered",
            f"{content.ALIAS_WORKBOOK}#培训班数据",
            "columns missing: 地点, 人数, 专题; renamed: 学制 read as 学制(天); columns ignored: 备注",
        ),
    ],
    ids=["removed", "renamed", "added and reordered", "wrong encoding", "retyped", "renamed item", "alias"],
)
def test_a_changed_column_is_noted_with_the_file_that_is_loaded(
    nights: Nights, night: str, source_file: str, reason: str
) -> None:
    assert getattr(nights, night).note_of(source_file) == ("loaded", reason)


def test_a_column_under_a_known_alias_is_read(nights: Nights) -> None:
    batches = nights.recovered.raw / "academic__backfill_class" / "*.parquet"
    days = nights.recovered.query(f"SELECT class_days FROM '{batches}' WHERE class_id = '2024-901'")
    assert days == [(content.ALIAS_DAYS,)]


# --- again, corrected, late --------------------------------------------------------------------------------


def test_the_same_file_under_another_name_is_a_duplicate(nights: Nights) -> None:
    assert nights.recovered.note_of(planted.RENAMED) == ("duplicate", f"same content as {planted.RENAMED_OF}")


def test_a_correction_replaces_what_was_wrong(nights: Nights) -> None:
    passed = (
        "SELECT DISTINCT credit_status, credited_hours FROM marts.fct_training WHERE class_id = 'BCRARE01'"
        " AND credit_status <> 'unresolved_person'"
    )
    assert nights.faulty.query(passed) == [("not_passed", 0.0)]
    assert nights.recovered.query(passed) == [("credited", content.RARE_HOURS)]
    record = "SELECT credit_status FROM marts.fct_training WHERE source_record_id = ?"
    assert nights.faulty.query(record, rows.CORRECTED_RECORD) == [("not_completed",)]
    assert nights.recovered.query(record, rows.CORRECTED_RECORD) != [("not_completed",)]


def test_a_workbook_saved_again_under_its_name_does_not_count_twice(nights: Nights) -> None:
    hours = "SELECT credited_hours FROM marts.fct_training WHERE class_id = '2023-901'"
    assert nights.faulty.query(hours) == [(99.0,)]
    assert nights.recovered.query(hours) == [(16.0,)]


def test_after_everything_was_sent_again_the_warehouse_is_that_of_a_city_without_faults(
    nights: Nights,
) -> None:
    intact, recovered = read_tables(nights.intact.version), read_tables(nights.recovered.version)
    assert len(intact) > 70
    assert set(differing(intact, recovered)) == OF_DELIVERIES | WITH_LINEAGE
    for table in sorted(WITH_LINEAGE):
        assert read_without_revisions(nights.intact, table) == read_without_revisions(nights.recovered, table)


def read_without_revisions(night: Night, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table, with the file that each came from, but for its revision and its batch."""
    return night.query(
        "SELECT * EXCLUDE (batch_id) REPLACE (regexp_replace(source_file, '_r[0-9]+', '') AS source_file)"
        f" FROM {table} ORDER BY ALL"
    )


# --- content -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(len(content.RARE)), ids=lambda place: content.RARE[place][0])
def test_a_rare_character_comes_through_and_ties_a_name_across_systems(nights: Nights, place: int) -> None:
    name, code = content.rare_name(place), content.RARE_CODES[place]
    known = nights.recovered.query("SELECT name FROM r.restricted.cadre_identity WHERE person_code = ?", code)
    assert known == [(name,)], "as delivered, by GB18030 to the published file"
    link = nights.recovered.query(
        "SELECT person_code, rule FROM r.restricted.identity_link WHERE source_person_id = ?",
        f"XY9000{place:02d}",
    )
    assert link == [(code, "name_birth_unit")], "the student's name comes in UTF-8"


def test_a_line_end_and_quotes_within_quotes_are_part_of_the_value(nights: Nights) -> None:
    found = nights.recovered.query(
        "SELECT short_name FROM marts.dim_unit WHERE unit_code = ?", content.CYCLE[0]
    )
    assert found == [(content.SHORT_NAME,)]


def find_learnt(night: Night, moment: content.Moment) -> list[tuple[Any, ...]]:
    """Day, hours and status of what was learnt in a micro-course."""
    return night.query(
        "SELECT CAST(activity_date AS VARCHAR), raw_hours, credit_status FROM marts.fct_training"
        " WHERE source = 'mobile' AND source_record_id LIKE ?",
        f"{content.CLOCK_USER}/{moment.activity}/%",
    )


@pytest.mark.parametrize("moment", content.MOMENTS, ids=lambda moment: moment.name)
def test_what_was_learnt_counts_on_the_local_day_that_the_phone_says(
    nights: Nights, moment: content.Moment
) -> None:
    assert find_learnt(nights.recovered, moment) == [(moment.activity_date, 1.0, "credited")]


def test_a_clock_ahead_earns_nothing_before_its_day_comes(nights: Nights) -> None:
    ((hours,),) = nights.recovered.query(
        "SELECT mobile_hours FROM marts.mart_cadre_coverage"
        " JOIN r.restricted.cadre_identity USING (cadre_key) WHERE person_code = ? AND as_of = ?",
        content.CLOCK,
        LAST,
    )
    past = [moment for moment in (*content.MOMENTS, rows.ONCE) if moment.activity_date <= LAST.isoformat()]
    assert hours == len(past)


def test_two_people_with_one_number_are_tied_to_nobody_by_it(nights: Nights) -> None:
    assert find_link(nights, content.STUDENT_OF_SHARED) == [(None,)]
    assert find_pair(nights, "shared_number") == {content.SHARED_A, content.SHARED_B}


def test_one_person_with_two_codes_is_put_before_a_person_and_not_guessed(nights: Nights) -> None:
    assert find_link(nights, content.STUDENT_OF_TWICE) == [(None,)]
    assert find_pair(nights, "two_codes") == {content.TWICE_OLD, content.TWICE_NEW}


def find_link(nights: Nights, student: str) -> list[tuple[Any, ...]]:
    """Whom a student is tied to."""
    return nights.recovered.query(
        "SELECT person_code FROM r.restricted.identity_link WHERE source_person_id = ?", student
    )


def find_pair(nights: Nights, kind: str) -> set[str]:
    """The two codes that the review list puts before a person as a pair of this kind."""
    ((one, other),) = nights.recovered.query(
        "SELECT person_code, other_person_code FROM r.restricted.identity_review WHERE kind = ?", kind
    )
    return {one, other}


def test_a_circle_of_units_hangs_under_the_root_and_its_people_are_counted(nights: Nights) -> None:
    parents = nights.recovered.query(
        "SELECT unit_code, parent_code FROM marts.dim_unit WHERE unit_code IN (?, ?) ORDER BY 1",
        *content.CYCLE,
    )
    assert parents == [(code, "001") for code in content.CYCLE]
    reasons = nights.recovered.query(
        "SELECT DISTINCT reason FROM ops.ops_quarantine WHERE action = 'reparented'"
    )
    assert reasons == [("the parents form a cycle",)]
    counted = nights.recovered.query(
        "SELECT count(*) FROM marts.dim_unit_closure AS tree JOIN marts.dim_cadre AS cadre"
        " ON tree.descendant_code = cadre.unit_code"
        " WHERE tree.ancestor_code = '001' AND cadre.unit_code = ?",
        content.CYCLE[0],
    )
    assert counted == [(1,)]


# --- after each night --------------------------------------------------------------------------------------


@pytest.mark.parametrize("night", ["intact", "faulty", "recovered"])
def test_every_row_is_accounted_for_after_each_night(nights: Nights, night: str) -> None:
    assert getattr(nights, night).broken == ""


def test_the_bytes_of_a_damaged_delivery_are_those_that_were_planted() -> None:
    """The damages are real: each makes of sound bytes others that the standard tool refuses or re-reads."""
    sound = gzip.compress(b'{"a":1}\n' * 99, mtime=0)
    for damage in (files.cut, files.drop_trailer, files.falsify_crc, files.append_rubbish):
        with pytest.raises((EOFError, OSError)):
            gzip.decompress(damage(sound))
    assert gzip.decompress(files.split_into_members(sound)) == b'{"a":1}\n' * 99
