"""What people read on terminals of 80, 100 and 160 columns: whole, and without a broken word."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner

from ganxun.cli import app
from tests.cli.reading import assert_whole, list_values
from tests.conftest import Night

pytestmark = pytest.mark.e2e
WIDTHS = (80, 100, 160)


def type_in(night: Night, *arguments: str, width: int = 80) -> str:
    """What a person sees who types this at a terminal of a width."""
    done = CliRunner().invoke(
        app, [*arguments, "--data-dir", str(night.settings.data_dir)], env={"COLUMNS": str(width)}
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def ask(night: Night, *arguments: str) -> Any:
    """The same for a machine."""
    return json.loads(type_in(night, *arguments, "--json"))


@pytest.mark.parametrize("width", WIDTHS)
def test_status_is_whole(simulated_night: Night, width: int) -> None:
    found = ask(simulated_night, "status")
    shown = {
        name: found[name]
        for name in ("run_id", "freshness", "runs", "failed_checks", "quarantine", "waiting")
    }
    assert found["freshness"] and found["runs"] and found["quarantine"]
    text = type_in(simulated_night, "status", width=width)
    assert_whole(text, list_values(shown), width)
    assert "应训人数 due population" in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "query",
    [
        "select unit_code, unit_name from dim_unit order by 1 limit 20",
        "select * from ops.ops_run",
        "select * from dim_unit order by unit_code limit 5",
        "select * from ops.ops_freshness",
        "select * from fct_training order by ledger_id limit 5",
        "select reason, count(*) as n from ops.ops_quarantine group by 1 order by 1",
    ],
)
def test_the_rows_of_a_query_are_whole(simulated_night: Night, query: str, width: int) -> None:
    rows = ask(simulated_night, "sql", query)
    assert rows
    text = type_in(simulated_night, "sql", query, width=width)
    assert_whole(text, [*rows[0], *list_values(rows)], width)


def test_a_narrow_result_is_a_table_and_a_wide_one_a_field_a_line(simulated_night: Night) -> None:
    narrow = type_in(simulated_night, "sql", "select run_id, status from ops.ops_run").splitlines()
    assert narrow[0].split() == ["run_id", "status"] and set(narrow[1]) == {"─", " "}
    wide = type_in(simulated_night, "sql", "select * from ops.ops_run").splitlines()
    assert wide[0].startswith("── 1 / ")
    assert [line.split()[0] for line in wide[1:4]] == ["run_id", "business_date", "started_at"]


def test_a_long_result_says_how_to_have_all_of_it(simulated_night: Night) -> None:
    query = "select ledger_id from fct_training order by 1"
    rows = len(ask(simulated_night, "sql", query))
    assert f"200 of {rows:,} rows; --limit 0" in type_in(simulated_night, "sql", query)
    assert len(type_in(simulated_night, "sql", query, "--limit", "7").splitlines()) == 2 + 7 + 1
    assert len(type_in(simulated_night, "sql", query, "--limit", "0").splitlines()) == 2 + rows


def test_csv_holds_every_row_as_the_database_has_it(simulated_night: Night) -> None:
    query = "select unit_code, unit_name, is_active from dim_unit order by 1"
    read = list(csv.DictReader(io.StringIO(type_in(simulated_night, "sql", query, "--csv"))))
    wanted = ask(simulated_night, "sql", query)
    assert read == [{name: str(value) for name, value in row.items()} for row in wanted]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_explanation_of_a_cadre_is_whole(simulated_night: Night, width: int, lang: str) -> None:
    for light in ("red", "yellow", "green"):
        key = simulated_night.query(
            f"select cadre_key from marts.mart_cadre_coverage where light = '{light}' "
            "order by credited_hours desc limit 1"
        )[0][0]
        found = ask(simulated_night, "explain", "cadre", key)
        names = ("activity_date", "course_title", "topic_name", "source_file", "source_row")
        shown = [row[name] for row in found["credited"] for name in names if row[name] is not None]
        shown += [found["cadre"][name] for name in ("cadre_key", "unit_name", "unit_code")]
        shown += [row["topic_name"] for row in found["knowledge"]]
        shown += [row["class_name"] for row in found["credited"] if row["class_name"]]
        text = type_in(simulated_night, "explain", "cadre", key, "--lang", lang, width=width)
        assert_whole(text, map(str, shown), width)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_explanation_of_a_unit_and_of_a_topic_is_whole(
    simulated_night: Night, width: int, lang: str
) -> None:
    root = simulated_night.query("select unit_code from marts.dim_unit where parent_code is null")[0][0]
    found = ask(simulated_night, "explain", "unit", root)
    names = ("cadre_key", "unit_name", "last_trained_on")
    shown = [one["coverage"][name] for one in found["cadres"] for name in names if one["coverage"][name]]
    shown += [one["spot"][name] for one in found["weak_spots"] for name in ("topic_code", "topic_name")]
    text = type_in(simulated_night, "explain", "unit", root, "--limit", "0", "--lang", lang, width=width)
    assert_whole(text, map(str, shown), width)
    unit, topic = simulated_night.query(
        "select unit_code, topic_code from marts.mart_unit_weak_spot order by severity, 1, 2 limit 1"
    )[0]
    asked = ("explain", "unit", unit, "--topic", topic)
    found = ask(simulated_night, *asked)
    shown = [
        one[name]
        for one in found["reached"] + found["not_reached"]
        for name in ("cadre_key", "unit_name", "last_on")
        if one[name]
    ]
    text = type_in(simulated_night, *asked, "--limit", "0", "--lang", lang, width=width)
    assert_whole(text, map(str, shown), width)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_quarantine_is_whole(simulated_night: Night, width: int) -> None:
    groups = ask(simulated_night, "quarantine", "list")["groups"]
    names = ("group", "source", "entity", "field", "reason", "newest_business_date")
    text = type_in(simulated_night, "quarantine", "list", width=width)
    assert_whole(text, (one[name] for one in groups for name in names if one[name]), width)
    rows = ask(simulated_night, "quarantine", "show", groups[0]["group"])
    names = ("id", "source_file", "field", "reason", "state")
    shown = [str(one[name]) for one in rows for name in names if one[name]]
    text = type_in(simulated_night, "quarantine", "show", groups[0]["group"], width=width)
    assert_whole(text, shown, width)
    text = type_in(simulated_night, "quarantine", "show", groups[0]["group"], "--payload", width=width)
    delivered = [json.loads(one["delivered"]) for one in ask(
        simulated_night, "quarantine", "show", groups[0]["group"], "--payload"
    )]  # fmt: skip
    assert_whole(text, [*shown, *list_values(delivered)], width)


@pytest.mark.parametrize("command", [["--help"], ["quarantine", "--help"], ["sql", "--help"]])
def test_help_cuts_no_sentence(command: list[str]) -> None:
    text = CliRunner().invoke(app, command, env={"COLUMNS": "80"}).stdout
    assert not re.search(r"[a-z]\.\.\.$", text, re.M) and "…" not in text
