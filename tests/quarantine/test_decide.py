"""Release and discard: what a person decides is what the next run loads, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connectors.academic import database
from connectors.contract import load_contract, parse_contract
from ganxun.quarantine.decisions import digest_quarantine_decisions
from ganxun.settings import PROJECT_ROOT
from tests.connectors.exports import CSVS, NIGHT, write_cadre, write_database
from tests.quarantine.desk import COURSE, LESSON, NEXT_NIGHT, Desk, fail_when_more_lessons, forget_codes


def release(desk: Desk, *arguments: str) -> dict[str, Any]:
    return desk.ask("release", *arguments, "--why", "asked the office", "--by", "an officer")


def test_a_corrected_row_is_loaded_by_the_next_run_and_counted_once(desk: Desk) -> None:
    assert desk.batch("lesson") == {"read": 3, "loaded": 1, "quarantined": 2, "superseded": 0, "discarded": 0}
    done = release(desk, desk.row("lesson", "lesson_date"), "--set", "LESSON_DATE=2026-02-28")
    assert (done["rows"], done["corrected"], done["counts_from"]) == (1, ["lesson_date"], "2026-07-01")
    # Decided is not loaded: that is the next run's.
    assert desk.batch("lesson")["loaded"] == 1
    assert desk.groups("--all")["lesson", "lesson_date"]["rows_waiting"] == 1
    assert desk.apply() == 1
    assert desk.batch("lesson") == {"read": 3, "loaded": 2, "quarantined": 1, "superseded": 0, "discarded": 0}
    (lesson,) = [row for row in desk.rows("academic__lesson") if row["lesson_id"] == "L2"]
    assert lesson["lesson_date"] == date(2026, 2, 28)
    assert (lesson["_source_file"], lesson["_source_row"]) == ("academic/JWGL_20260630.sqlite#lesson", 2)
    assert ("lesson", "lesson_date") not in desk.groups()
    assert desk.groups("--all")["lesson", "lesson_date"]["rows_released"] == 1


def test_an_earlier_date_does_not_see_what_was_decided_later(desk: Desk) -> None:
    before = digest_quarantine_decisions(desk.settings.zones, NIGHT)
    release(desk, desk.row("lesson", "lesson_date"), "--set", "lesson_date=2026-02-28")
    desk.apply()
    assert desk.batch("lesson", NIGHT)["loaded"] == 1
    assert [row["lesson_id"] for row in desk.rows("academic__lesson", NIGHT)] == ["L1"]
    assert digest_quarantine_decisions(desk.settings.zones, NIGHT) == before == ""
    assert digest_quarantine_decisions(desk.settings.zones, NEXT_NIGHT) != ""


def test_an_optional_field_out_of_its_range_is_loaded_empty_for_all_rows_at_once(desk: Desk) -> None:
    done = release(desk, "--all", "--source", "academic", "--reason", "below 0 or above 2000")
    assert (done["rows"], done["emptied"]) == (2, ["hours"])
    desk.apply()
    assert {row["course_id"]: row["hours"] for row in desk.rows("academic__course")} == {
        "K1": 4.0, "K2": None, "K3": None,
    }  # fmt: skip
    assert desk.batch("course")["quarantined"] == 0


def test_a_record_with_unreadable_bytes_in_an_optional_field_is_loaded_without_that_field(desk: Desk) -> None:
    damaged = CSVS["A01.csv"].encode("gb18030").replace("科员,001.001".encode("gb18030"), b"\xff\xff,001.001")
    write_cadre(desk.drop, NEXT_NIGHT, raw={"A01.csv": damaged})
    desk.land(NEXT_NIGHT, ["cadre"])
    release(desk, desk.row("person", None))
    desk.apply()
    snapshot = [
        row for row in desk.rows("cadre__person", date(2026, 7, 2)) if row["_business_date"] == NEXT_NIGHT
    ]
    (person,) = [row for row in snapshot if row["a0000"] == "P2"]
    assert (person["a0101"], person["a0192a"], person["a0163"]) == ("乙二", None, "1")


def test_a_discarded_row_stays_counted_and_is_no_longer_open(desk: Desk) -> None:
    row = desk.row("enrollment", "result")
    assert desk.ask("discard", row, "--why", "a test entry")["rows"] == 1
    desk.apply()
    assert desk.batch("enrollment") == {
        "read": 2,
        "loaded": 1,
        "quarantined": 1,
        "superseded": 0,
        "discarded": 1,
    }
    assert ("enrollment", "result") not in desk.groups()
    # Who errs takes it back: the newest decision holds.
    release(desk, row, "--set", "result=passed")
    desk.apply()
    assert desk.batch("enrollment") == {
        "read": 2,
        "loaded": 2,
        "quarantined": 0,
        "superseded": 0,
        "discarded": 0,
    }
    desk.ask("discard", row, "--why", "a test entry after all")
    desk.apply()
    assert desk.batch("enrollment")["discarded"] == 1
    assert len(desk.decisions()) == 3  # nothing that was decided is forgotten
    raw = desk.settings.zones.raw
    assert len([*raw.glob("academic__enrollment/decided/*")]) == 1  # and no row that counts no more is kept


@pytest.mark.parametrize(
    ("entity", "field", "arguments", "said"),
    [
        ("lesson", "hours", (), "hours: below 0 or above 24: a row needs it; give it with --set hours="),
        ("enrollment", "result", (), "result: not in the code list: a row needs it"),
        ("enrollment", "result", ("--set", "result=fine"), "result: the correction is not in the code list"),
        ("post", "a0265", (), "a0265 is before a0243: one of the two is wrong; give the right one with "
         "--set a0243=… or --set a0265=…"),
        ("post", "a0265", ("--set", "A0265=20180101"), "a0265 is before a0243"),
        ("statements", None, (), "actor_name: required value is missing"),
        ("lesson", "lesson_date", ("--set", "lesson_date=2026-02-28", "--set", "start_time=noon"),
         "start_time: the correction is not a time HH:MM"),
        ("lesson", "lesson_date", ("--set", "colour=red"), "lesson has no field 'colour'"),
        ("lesson", "lesson_date", ("--set", "lesson_date"), "--set field=value"),
    ],
)  # fmt: skip
def test_what_the_contract_cannot_bear_is_refused_at_once_with_field_and_reason(
    landed: Desk, entity: str, field: str | None, arguments: tuple[str, ...], said: str
) -> None:
    refused = landed.type("release", landed.row(entity, field), "--why", "please", *arguments)
    assert refused.exit_code == 2
    assert said in refused.output
    assert landed.decisions() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--all", "--source", "academic"), "more than one reason is meant"),
        (("--all", "--source", "academy"), "no such row is in quarantine"),
        (("--all", "--reason", "above 2000", "--set", "course_id=K9"), "course_id tells rows apart"),
        ((), "name a row, or say --all"),
    ],
)
def test_a_vague_wish_releases_nothing(landed: Desk, arguments: tuple[str, ...], said: str) -> None:
    refused = landed.type("release", "--why", "please", *arguments)
    assert refused.exit_code == 2 and said in refused.output, refused.output
    assert landed.decisions() == []


def test_a_decision_without_a_reason_is_refused(landed: Desk) -> None:
    row = landed.row("enrollment", "result")
    assert landed.type("discard", row).exit_code == 2
    assert "say why" in landed.type("discard", row, "--why", " ").output
    assert landed.decisions() == []


def test_a_released_version_that_is_newer_in_its_file_supersedes_the_older_one(desk: Desk) -> None:
    newer = LESSON | {"hours": 99, "updated_at": "2026-06-30T11:00:00+08:00"}
    write_database(desk.drop, NEXT_NIGHT, tables={"lesson": [LESSON, newer]})
    desk.land(NEXT_NIGHT, ["academic"])
    release(desk, desk.row("lesson", "hours"), "--set", "hours=6")
    desk.apply()
    night = date(2026, 7, 2)
    assert [(row["_source_row"], row["hours"]) for row in desk.rows("academic__lesson", night)] == [(2, 6.0)]
    assert desk.batch("lesson", night) == {
        "read": 2,
        "loaded": 1,
        "quarantined": 0,
        "superseded": 1,
        "discarded": 0,
    }


def test_the_same_row_in_the_next_snapshot_needs_no_second_decision(desk: Desk) -> None:
    release(desk, desk.row("lesson", "lesson_date"), "--set", "lesson_date=2026-02-28")
    faulty = [LESSON, LESSON | {"lesson_id": "L5"}, LESSON | {"lesson_id": "L2", "lesson_date": "2026-02-30"}]
    write_database(desk.drop, NEXT_NIGHT, tables={"lesson": faulty})
    desk.land(NEXT_NIGHT, ["academic"])
    desk.apply()
    assert sorted(row["lesson_id"] for row in desk.rows("academic__lesson")) == ["L1", "L2", "L5"]
    assert desk.groups().keys() & {("lesson", "lesson_date")} == set()
    # A row that reads otherwise is another row: somebody has to look.
    night = date(2026, 7, 2)
    write_database(desk.drop, night, tables={"lesson": [LESSON, faulty[2] | {"teacher_id": "T9"}]})
    desk.land(night, ["academic"])
    desk.apply()
    assert [row["lesson_id"] for row in desk.rows("academic__lesson", night)] == ["L1"]
    assert desk.groups()["lesson", "lesson_date"]["rows_open"] == 1


def test_the_right_row_in_a_later_export_wins_over_the_released_one(desk: Desk) -> None:
    release(desk, desk.row("lesson", "lesson_date"), "--set", "lesson_date=2026-02-28")
    right = LESSON | {"lesson_id": "L2", "lesson_date": "2026-03-03"}
    write_database(desk.drop, NEXT_NIGHT, tables={"lesson": [LESSON, right]})
    desk.land(NEXT_NIGHT, ["academic"])
    desk.apply()
    assert {row["lesson_id"]: row["lesson_date"] for row in desk.rows("academic__lesson")} == {
        "L1": date(2026, 3, 2), "L2": date(2026, 3, 3),
    }  # fmt: skip


@pytest.mark.parametrize("is_older", [False, True], ids=["today", "older"])
def test_a_row_that_its_suite_does_not_bear_comes_back_with_the_check_as_its_reason(
    desk: Desk, is_older: bool
) -> None:
    release(desk, desk.row("lesson", "lesson_date"), "--set", "lesson_date=2026-02-28")
    desk.apply(fail_when_more_lessons)
    assert desk.batch("lesson") == {"read": 3, "loaded": 1, "quarantined": 2, "superseded": 0, "discarded": 0}
    returned = desk.groups()["lesson", None]
    assert returned["reason"] == "critical expectations fail with this row: lesson: one_lesson"
    assert (returned["rows_open"], returned["rows_returned"]) == (1, 1)
    assert desk.codes("lesson") == {None: "release_refused", "hours": "outside_range"}
    if is_older:
        forget_codes(desk.settings.zones)
    # Once refused it does not take a later, good decision with it.
    release(desk, desk.row("lesson", "hours"), "--set", "hours=4", "--counts-from", "2026-07-02")
    desk.apply()
    assert [row["lesson_id"] for row in desk.rows("academic__lesson", date(2026, 7, 2))] == ["L1", "L3"]


def test_a_decision_that_is_not_needed_any_more_is_named_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(desk, desk.row("enrollment", "result"), "--set", "result=passed")
    release(desk, desk.row("person", "a0163"), "--set", "a0163=1")
    text = (PROJECT_ROOT / "connectors/academic/contract.yml").read_text(encoding="utf-8")
    changed = parse_contract(text.replace("[enrolled, passed, failed, withdrawn]", "[passed, excellent]"))
    assert changed.digest != load_contract("academic").digest
    monkeypatch.setattr(database, "load_contract", lambda _source: changed)
    fresh = Desk(desk.folder / "fresh")
    fresh.folder.mkdir()
    desk.drop.rename(fresh.drop)
    fresh.land(sources=["academic"])
    desk.settings.zones.quarantine_decisions.rename(fresh.settings.zones.quarantine_decisions)
    assert fresh.apply() == 0
    unmatched = {one["entity"]: (one["rows"], one["why"]) for one in fresh.ask("list")["unmatched"]}
    assert unmatched == {
        "enrollment": (1, "the row is read without such a fault now"),
        "person": (1, "its file has not been loaded here"),
    }
    assert "match nothing here" in fresh.type("list").output


def test_rows_of_before_payloads_were_kept_are_read_again_from_landing(desk: Desk) -> None:
    row = desk.row("course", "hours")
    for path in desk.settings.zones.delivered.glob("*"):
        path.unlink()
    release(desk, row)
    desk.apply()
    assert [one["course_id"] for one in desk.rows("academic__course")] == ["K1", "K2"]
    assert [path for path in desk.settings.zones.delivered.iterdir() if path.name.startswith(".")] == []


def test_a_row_whose_bytes_are_gone_is_refused_not_guessed(desk: Desk) -> None:
    row = desk.row("course", "hours")
    for path in [*desk.settings.zones.delivered.glob("*"), *desk.settings.zones.landing.glob("academic/*/*")]:
        path.unlink()
    refused = desk.type("release", row, "--why", "please")
    assert refused.exit_code == 2 and "no longer kept" in refused.output
    assert COURSE["course_id"] == "K1" and desk.decisions() == []
