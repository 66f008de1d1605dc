"""Gzipped NDJSON of the online academy and the mobile app."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from connectors import ndjson
from connectors.delivery import FileRejected
from tests.connectors.exports import ACADEMY, AT, Readings, make_statement, write_lines

DAY = "mobile/dt=2026-06-30/statements-0001.ndjson.gz"


def night(resource: str) -> str:
    return f"academy/20260630/{resource}-0001.ndjson.gz"


def test_every_resource_of_the_academy_is_loaded_whole(readings: Readings) -> None:
    for resource, item in ACADEMY.items():
        batch = readings.read(write_lines(readings.drop, night(resource), [item]))[resource]
        assert (batch.rows_read, batch.rows_loaded) == (1, 1), resource
    record = readings.rows("academy", readings.read(readings.drop / night("records"))["records"]).to_pylist()[
        0
    ]
    assert record["completed_at"] == datetime(2026, 6, 30, 3, 30, tzinfo=UTC)
    assert (record["passed"], record["score"], record["class_id"]) == (True, 90.0, None)
    user = readings.rows("academy", readings.read(readings.drop / night("users"))["users"]).to_pylist()[0]
    assert (user["sex"], user["birth"], user["id_number"]) == ("1", None, "519900********0011")


def test_a_statement_reaches_raw_with_everything_that_rules_need(readings: Readings) -> None:
    batch = readings.read(write_lines(readings.drop, DAY, [make_statement()]))["statements"]
    row = readings.rows("mobile", batch).to_pylist()[0]
    del row["_batch_id"]
    assert row == {
        "id": "0a0a0a0a-0000-4000-8000-000000000001",
        "actor_home_page": "https://academy.example",
        "actor_name": "U1",
        "verb_id": "http://adlnet.gov/expapi/verbs/terminated",
        "object_type": "Activity",
        "object_id": "https://mobile.example/micro/M1",
        "object_name": "微课（一）",
        "object_name_nfkc": "微课(一)",
        "object_category": "微课/公文",
        "duration_seconds": 880.5,
        "completion": True,
        "score_raw": 80.0,
        "registration": "r1",
        "device": "dev-1",
        "timestamp": datetime(2026, 6, 30, 2, 0, tzinfo=UTC),
        "stored": datetime(2026, 6, 30, 2, 0, 1, 250000, tzinfo=UTC),
        "_source_file": DAY,
        "_source_row": 1,
        "_business_date": datetime(2026, 6, 30, tzinfo=UTC).date(),
        "_revision": 1,
    }


def test_a_statement_sent_twice_does_not_count_its_seconds_twice(readings: Readings) -> None:
    second = make_statement(result={"duration": "PT1H"})
    batch = readings.read(write_lines(readings.drop, DAY, [make_statement(), second]))["statements"]
    assert (batch.rows_loaded, batch.rows_superseded) == (1, 1)
    assert readings.rows("mobile", batch).column("duration_seconds").to_pylist() == [880.5]


def test_an_old_version_of_a_record_does_not_win_over_a_newer_one(readings: Readings) -> None:
    def version(at: str, seconds: int) -> dict:
        return ACADEMY["records"] | {"updated_at": at, "study_seconds": seconds}

    items = [
        version("2026-06-30T12:00:00+08:00", 3),
        version("2026-06-30T05:00:00Z", 4),  # 13:00 in Shanghai: the newest, whatever the texts look like
        version("2026-06-30T13:00:00+08:00", 5),  # the same instant, later in the export
        version("2026-06-30T11:00:00+08:00", 1),
    ]
    batch = readings.read(write_lines(readings.drop, night("records"), items))["records"]
    assert (batch.rows_loaded, batch.rows_superseded) == (1, 3)
    assert readings.rows("academy", batch).column("study_seconds").to_pylist() == [5.0]


def test_lines_that_do_not_parse_cost_only_themselves(readings: Readings) -> None:
    good = [ACADEMY["ratings"] | {"rating_id": f"H{number}"} for number in range(4)]
    lines = [
        b"\xef\xbb\xbf" + json.dumps(good[0]).encode(),
        '{"rating_id": "H9", "user_id":',
        b"",
        good[1],
        b'{"rating_id": "\xc3\x28"}',
        "[1, 2]",
        json.dumps(good[2]) + "\r",
        json.dumps(good[3]) + " {}",
    ]
    batch = readings.read(write_lines(readings.drop, night("ratings"), lines))["ratings"]
    assert (batch.rows_read, batch.rows_loaded, batch.rows_quarantined) == (7, 3, 4)
    assert [(row["source_row"], row["reason"], row["reason_code"]) for row in readings.quarantine(batch)] == [
        (2, "the line is not one JSON object", "line_no_object"),
        (5, "the line is not UTF-8", "line_bytes"),
        (6, "the line is not one JSON object", "line_no_object"),
        (8, "the line is not one JSON object", "line_no_object"),
    ]
    assert readings.rows("academy", batch).column("_source_row").to_pylist() == [1, 4, 7]


def test_line_numbers_stay_right_across_blocks_of_a_large_file(
    readings: Readings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndjson, "_CHUNK", 1000)
    items: list = [ACADEMY["ratings"] | {"rating_id": f"H{number}"} for number in range(1, 501)]
    items[399] = "{"
    batch = readings.read(write_lines(readings.drop, night("ratings"), items))["ratings"]
    assert (batch.rows_read, batch.rows_loaded, batch.rows_quarantined) == (500, 499, 1)
    rows = readings.rows("academy", batch).select(["rating_id", "_source_row"]).to_pylist()
    assert all(row["rating_id"] == f"H{row['_source_row']}" for row in rows)
    assert readings.reasons(batch) == [(400, None, "quarantined")]


def _cut(data: bytes) -> bytes:
    return data[:-10]


def _flip(data: bytes) -> bytes:
    return data[:-6] + bytes([data[-6] ^ 0xFF]) + data[-5:]


def _rubbish(data: bytes) -> bytes:
    return data + b"rubbish"


def _empty(_: bytes) -> bytes:
    return b""


def _plain(data: bytes) -> bytes:
    return gzip.decompress(data)


@pytest.mark.parametrize("damage", [_cut, _flip, _rubbish, _empty, _plain])
def test_a_damaged_gzip_is_not_loaded_in_part(readings: Readings, damage) -> None:
    items = [make_statement(id=f"id-{number}") for number in range(5000)]
    path = write_lines(readings.drop, DAY, items)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FileRejected, match="gzip"):
        readings.read(path)


def test_several_gzip_members_in_one_file_are_all_read(readings: Readings) -> None:
    path = write_lines(readings.drop, DAY, [make_statement(id="a")])
    path.write_bytes(path.read_bytes() + gzip.compress(json.dumps(make_statement(id="b")).encode()))
    batch = readings.read(path)["statements"]
    assert readings.rows("mobile", batch).column("id").to_pylist() == ["a", "b"]


def test_a_day_without_statements_is_no_fault(readings: Readings) -> None:
    batch = readings.read(write_lines(readings.drop, DAY, []))["statements"]
    assert batch.rows_read == 0
    assert "timestamp" in readings.rows("mobile", batch).column_names


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"timestamp": "2023-02-30T10:00:00+08:00"}, (1, "timestamp", "quarantined")),
        ({"timestamp": "2026-06-30T10:00:00"}, (1, "timestamp", "quarantined")),
        ({"stored": None}, (1, "stored", "quarantined")),
        ({"actor": {"account": {"name": ""}}}, (1, "actor_name", "quarantined")),
        ({"verb": {"id": {"nested": 1}}}, (1, "verb_id", "quarantined")),
        ({"result": {"duration": "12 minutes"}}, (1, "duration_seconds", "nulled")),
        ({"result": {"duration": "-PT5S"}}, (1, "duration_seconds", "quarantined")),
        ({"result": {"score": {"raw": 101}}}, (1, "score_raw", "quarantined")),
        ({"result": {"score": {"raw": "high"}}}, (1, "score_raw", "nulled")),
    ],
)
def test_a_bad_value_in_a_statement_is_listed(readings: Readings, changes: dict, expected: tuple) -> None:
    batch = readings.read(write_lines(readings.drop, DAY, [make_statement(**changes)]))["statements"]
    assert readings.reasons(batch) == [expected]
    assert batch.rows_loaded == (expected[2] == "nulled")


@pytest.mark.parametrize(
    ("resource", "changes", "expected"),
    [
        ("users", {"real_name": " "}, (1, "real_name", "quarantined")),
        ("users", {"birth": "1985-02-29"}, (1, "birth", "nulled")),
        ("courses", {"credit_hours": 2001}, (1, "credit_hours", "quarantined")),
        ("courses", {"duration_seconds": -1}, (1, "duration_seconds", "quarantined")),
        ("courses", {"title": ["x"]}, (1, "title", "quarantined")),
        ("classes", {"end_date": "2025-12-31"}, (1, "end_date", "quarantined")),
        ("enrollments", {"result": "done"}, (1, "result", "quarantined")),
        ("records", {"study_seconds": "NaN"}, (1, "study_seconds", "quarantined")),
        ("records", {"progress": 1.5}, (1, "progress", "nulled")),
        ("records", {"client": "tv"}, (1, "client", "nulled")),
        ("records", {"completed_at": "2023-02-30T10:00:00+08:00"}, (1, "completed_at", "nulled")),
        ("sessions", {"ended_at": "2026-06-30T01:59:59Z"}, (1, "ended_at", "quarantined")),
        ("sessions", {"seconds": -5}, (1, "seconds", "quarantined")),
        ("ratings", {"score": 6}, (1, "score", "quarantined")),
        ("ratings", {"updated_at": None}, (1, "updated_at", "quarantined")),
    ],
)
def test_a_bad_value_in_the_academy_is_listed(
    readings: Readings, resource: str, changes: dict, expected: tuple
) -> None:
    item = ACADEMY[resource] | changes
    batch = readings.read(write_lines(readings.drop, night(resource), [item]))[resource]
    assert readings.reasons(batch) == [expected]
    if expected[2] == "nulled":
        assert readings.rows("academy", batch).column(expected[1]).to_pylist() == [None]
    else:
        assert batch.rows_loaded == 0


def test_no_personal_value_stands_in_a_reason(readings: Readings) -> None:
    items = [
        ACADEMY["users"]
        | {"real_name": "", "id_number": "519900198507160011", "birth": "519900198507160011"},
        ACADEMY["users"] | {"user_id": "U2", "birth": "甲一", "updated_at": AT},
    ]
    batch = readings.read(write_lines(readings.drop, night("users"), items))["users"]
    written = json.dumps(readings.quarantine(batch), ensure_ascii=False)
    assert len(readings.quarantine(batch)) == 2
    assert "519900" not in written
    assert "甲一" not in written
