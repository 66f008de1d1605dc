"""List and show: what a person sees, and what nobody sees by accident."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.quarantine.desk import NIGHT, PERSONAL, Desk


def test_every_reason_is_listed_with_its_rows_so_that_none_is_forgotten(landed: Desk) -> None:
    listed = landed.ask("list")
    assert listed["unmatched"] == []
    assert {(one["entity"], one["field"], one["rows_open"]) for one in listed["groups"]} == {
        ("course", "hours", 2), ("enrollment", "result", 1), ("lesson", "hours", 1),
        ("lesson", "lesson_date", 1), ("person", "a0163", 1), ("post", "a0265", 1), ("post", None, 1),
        ("statements", None, 1),
    }  # fmt: skip
    assert {one["newest_business_date"] for one in listed["groups"]} == {"2026-06-30"}
    assert listed["groups"][0]["rows_open"] == 2  # what is most worth a call comes first


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--source", "mobile"), {("statements", None)}),
        (("--reason", "above 24"), {("lesson", "hours")}),
        (("--entity", "post", "--field", "a0265"), {("post", "a0265")}),
        (("--date", "2026-06-29"), set()),
    ],
)
def test_a_filter_leaves_only_what_was_asked_for(
    landed: Desk, options: tuple[str, ...], expected: set[tuple[str, str | None]]
) -> None:
    assert set(landed.groups(*options)) == expected


def test_only_the_newest_snapshot_is_listed_so_that_one_fault_is_not_two(desk: Desk) -> None:
    from tests.connectors.exports import write_cadre
    from tests.quarantine.desk import NEXT_NIGHT

    write_cadre(desk.drop, NEXT_NIGHT)
    desk.land(NEXT_NIGHT, ["cadre"])
    assert {entity for entity, _ in desk.groups()} == {"course", "enrollment", "lesson", "statements"}


def test_what_was_delivered_is_shown_only_where_it_was_asked_for(landed: Desk) -> None:
    group = landed.groups()["person", "a0163"]["group"]
    seen = landed.type("list", "--all").output + landed.type("list", "--json").output
    seen += landed.type("show", group).output + landed.type("show", group, "--json").output
    assert group in seen and "GBGL_20260630.zip#A01.csv" in seen
    assert [value for value in PERSONAL if value in seen] == []
    shown = landed.type("show", group, "--payload").output
    assert [value for value in PERSONAL if value in shown] == [*PERSONAL]
    delivered = json.loads(landed.ask("show", group, "--payload")[0]["delivered"])
    assert (delivered["a0000"], delivered["a0163"], delivered["a0184"]) == ("P77", "7", PERSONAL[1])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give the folder to somebody else")
def test_nobody_but_the_owner_of_the_data_sees_what_was_delivered(desk: Desk) -> None:
    group = desk.groups()["person", "a0163"]["group"]
    os.chown(desk.settings.data_dir, 65534, 65534)
    refused = desk.type("show", group, "--payload")
    assert refused.exit_code == 2 and "owner" in refused.output
    assert PERSONAL[1] not in refused.output
    assert desk.type("show", group).exit_code == 0


def test_what_was_delivered_and_decided_is_nobody_elses_to_read(desk: Desk) -> None:
    assert desk.type("discard", desk.row("lesson", "hours"), "--why", "never held").exit_code == 0
    desk.apply()
    zones = desk.settings.zones
    private = [*zones.raw.rglob("*"), *zones.quarantine_decisions.rglob("*"), zones.quarantine_decisions]
    assert {zones.delivered, zones.quarantine / "decided"} <= {*private}
    assert [path for path in private if path.stat().st_mode & 0o077] == []


def test_no_log_holds_a_value_of_a_row_or_the_reason_of_a_person(desk: Desk) -> None:
    row = desk.row("person", "a0163")
    corrected = desk.type(
        "release", row, "--set", "a0163=1", "--set", "a0101=丁改名", "--why", "丁零七 is on duty"
    )
    assert corrected.exit_code == 0, corrected.output
    desk.apply()
    logs = "".join(path.read_text(encoding="utf-8") for path in desk.settings.zones.logs.rglob("*.jsonl"))
    assert '"decision": "released"' in logs and "quarantine decisions applied" in logs
    assert [value for value in (*PERSONAL, "丁改名") if value in logs + corrected.output] == []


def test_an_unknown_row_is_refused_in_clear_words(landed: Desk) -> None:
    refused = landed.type("show", "nothing-1")
    assert refused.exit_code == 2 and "ganxun quarantine list" in refused.output


def test_an_empty_data_folder_has_nothing_to_decide_about(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    listed = desk.type("list")
    assert (listed.exit_code, listed.stdout) == (0, "Nothing is open.\n")
    assert desk.ask("list", "--all") == {"groups": [], "unmatched": []}


def test_the_business_date_of_the_delivery_is_that_of_its_name(landed: Desk) -> None:
    assert landed.groups("--date", NIGHT.isoformat()).keys() == landed.groups().keys()
