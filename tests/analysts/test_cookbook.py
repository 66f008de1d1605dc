"""The cookbook's questions are answered, rightly, from what is published, and its page says what is run."""

from __future__ import annotations

import json
from datetime import date, timedelta

import duckdb
import pytest

from ganxun.cookbook import Example, load_examples, parse_example, write_page
from ganxun.explain.cadre import explain_cadre
from ganxun.explain.published import open_published
from ganxun.query import QueryResult, run_query
from ganxun.settings import PROJECT_ROOT
from ganxun.steps.build import find_rule_version
from tests.analysts.planted_cases import CASES
from tests.nights import Night
from tests.test_command_line import run_ganxun

EXAMPLES = {example.name: example for example in load_examples()}
EVERY = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def ask(night: Night, name: str) -> QueryResult:
    """A question's answer as `ganxun sql --example` gives it."""
    settings = night.settings
    return run_query(settings.zones.warehouse, EXAMPLES[name].sql, settings.timezone)


def test_the_cookbook_has_its_25_questions_each_once() -> None:
    examples = load_examples()
    assert [example.number for example in examples] == list(range(1, len(examples) + 1))
    assert len(EXAMPLES) == len(examples) >= 25
    assert len(
        {example.title_zh for example in examples} | {example.title_en for example in examples}
    ) == 2 * len(examples)


@EVERY
def test_no_question_goes_unanswered(simulated_night: Night, example: Example) -> None:
    result = ask(simulated_night, example.name)
    assert len(result.columns) == len(set(result.columns))
    assert result.rows or example.empty, f"{example.name} has no row and does not say when that is right"


def test_every_question_that_may_have_no_answer_is_tried_with_one() -> None:
    assert set(CASES) == {name for name, example in EXAMPLES.items() if example.empty}


@pytest.mark.parametrize("name", CASES)
def test_a_question_finds_a_case_and_only_a_case(scratch: duckdb.DuckDBPyConnection, name: str) -> None:
    case = CASES[name]
    scratch.execute(case.healed)
    assert scratch.execute(EXAMPLES[name].sql).fetchall() == []
    scratch.execute(case.planted)
    key = scratch.execute(case.finds).fetchone()
    answer = scratch.sql(EXAMPLES[name].sql)
    found = [dict(zip(answer.columns, row, strict=True))[case.column] for row in answer.fetchall()]
    assert key is not None and found and set(found) == {key[0]}


@EVERY
def test_no_question_changes_anything_or_names_a_schema_of_its_own(example: Example) -> None:
    statements = duckdb.extract_statements(example.sql)
    assert [statement.type for statement in statements] == [duckdb.StatementType.SELECT]
    assert "restricted" not in example.sql and "marts." not in example.sql and "ops." not in example.sql


@EVERY
def test_no_answer_says_who_somebody_is(simulated_night: Night, example: Example) -> None:
    people = simulated_night.query("select name, person_code, masked_number from r.restricted.cadre_identity")
    assert len(people) > 150
    private = {value for person in people for value in person if value}
    answer = ask(simulated_night, example.name)
    assert not {"name", "person_code", "masked_number"} & set(answer.columns)
    cells = {value for row in answer.rows for value in row.values() if isinstance(value, str)}
    # never printed: a failure must not show names
    assert len(cells & private) == 0, f"{example.name} shows who somebody is"


def test_every_weak_topic_is_dated_and_none_that_is_not_weak(simulated_night: Night) -> None:
    """A row is there only where the query's own shares are weak today as the mart's are."""
    rows = ask(simulated_night, "weak_topics_since").rows
    weak = simulated_night.query(
        "select unit_label, topic_name, as_of from marts.mart_unit_weak_spot where severity <> 'none'"
    )
    assert {(row["unit_label"], row["topic_name"]) for row in rows} == {
        (unit, topic) for unit, topic, _ in weak
    }
    assert len({row["weak_since"] for row in rows}) > 2
    assert all(row["weak_since"] <= weak[0][2] for row in rows)
    assert all(row["last_not_weak_on"] is None or row["last_not_weak_on"] < row["weak_since"] for row in rows)


def test_a_topic_is_weak_from_the_day_said_and_not_before(simulated_night: Night) -> None:
    """The gap at a day, worked out again in plain Python from the ledger."""
    due = dict(simulated_night.query("select cadre_key, unit_code from marts.mart_cadre_coverage"))
    below = set(simulated_night.query("select ancestor_code, descendant_code from marts.dim_unit_closure"))
    units = dict(simulated_night.query("select unit_label, unit_code from marts.mart_unit_weak_spot"))
    records = simulated_night.query(
        "select topic_name, cadre_key, activity_date, credited_hours from marts.fct_training "
        "join marts.dim_topic using (topic_code) where credited_hours > 0 and cadre_key is not null"
    )

    def find_gap(unit_code: str, topic: str, day: date) -> float:
        hours: dict[str, float] = {}
        for in_topic, cadre, activity, credited in records:
            if in_topic == topic and cadre in due and day.replace(year=day.year - 5) < activity <= day:
                hours[cadre] = hours.get(cadre, 0) + credited
        reached = {cadre for cadre, total in hours.items() if round(total, 1) >= 1}
        own = {cadre for cadre, unit in due.items() if (unit_code, unit) in below}
        return len(reached) / len(due) - len(reached & own) / len(own)

    rows = ask(simulated_night, "weak_topics_since").rows
    turned = [row for row in rows if row["last_not_weak_on"] is not None]
    assert turned
    for row in turned[:8]:
        unit_code = units[row["unit_label"]]
        assert round(find_gap(unit_code, row["topic_name"], row["weak_since"]), 9) >= 0.1
        assert round(find_gap(unit_code, row["topic_name"], row["last_not_weak_on"]), 9) < 0.1


def test_the_records_behind_a_red_light_add_up_to_what_decides_it(simulated_night: Night) -> None:
    rows = ask(simulated_night, "why_red").rows
    assert (
        round(sum(row["systematic_hours"] for row in rows), 1)
        == rows[0]["has_hours"]
        < rows[0]["needs_hours"]
    )
    assert all(row["rule_zh"] and row["citation"] for row in rows if row["records"])


def test_each_record_learnt_twice_is_counted_once(simulated_night: Night) -> None:
    [(duplicates,)] = simulated_night.query(
        "select count(*) from marts.fct_training where credit_status = 'duplicate'"
    )
    rows = ask(simulated_night, "hours_twice_across_platforms").rows
    assert sum(row["records"] for row in rows) == duplicates > 0
    assert {row["is_across_platforms"] for row in rows} == {True, False}


def test_who_falls_out_of_green_is_who_explain_says(simulated_night: Night) -> None:
    answer = {row["cadre_key"]: row for row in ask(simulated_night, "leaving_green").rows}
    expected = {}
    green = simulated_night.query(
        "select cadre_key, as_of from marts.mart_cadre_coverage where light = 'green'"
    )
    last_day = simulated_night.query(f"select cast(date '{green[0][1]}' + interval 6 month as date)")[0][0]
    with open_published(simulated_night.settings) as published:
        for cadre_key, _ in green:
            for leaving in explain_cadre(published, cadre_key).leaving:
                if leaving.light != "green" and leaving.leaves_on <= last_day:
                    expected[cadre_key] = (
                        leaving.leaves_on,
                        leaving.light,
                        leaving.hours_left,
                        leaving.days_left,
                    )
                    break
    assert expected
    assert last_day - green[0][1] > timedelta(days=180)
    assert {
        key: (row["falls_on"], row["light_then"], row["hours_then"], row["days_then"])
        for key, row in answer.items()
    } == expected


def test_the_rules_behind_a_number_are_those_of_the_seeds(simulated_night: Night) -> None:
    rows = ask(simulated_night, "rules_behind_a_number").rows
    published = simulated_night.settings.zones.warehouse.resolve().parent
    assert {row["rule_version"] for row in rows} == {find_rule_version()}
    assert {row["run_id"] for row in rows} == {published.name}
    assert {"systematic_min_hours", "rolling_5y_statutory_hours", "statutory:off_job"} <= {
        row["rule_code"] for row in rows
    }


def test_no_record_without_credit_is_left_out(simulated_night: Night) -> None:
    [(records,)] = simulated_night.query(
        "select count(*) from marts.fct_training where credit_status <> 'credited'"
    )
    rows = ask(simulated_night, "hours_without_credit").rows
    assert sum(row["records"] for row in rows) == records > 0
    assert all(row["rule_zh"] and row["citation"] for row in rows)


def test_a_figure_is_the_sum_of_the_file_rows_behind_it(simulated_night: Night) -> None:
    rows = ask(simulated_night, "from_figure_to_file").rows
    assert round(sum(row["credited_hours"] for row in rows), 1) == rows[0]["figure"] > 0
    assert all(row["source_file"] and row["source_row"] and len(row["sha256"]) == 64 for row in rows)


def test_no_row_of_an_export_is_lost(simulated_night: Night) -> None:
    rows = ask(simulated_night, "where_rows_went").rows
    assert {row["lost"] for row in rows} == {0}
    assert sum(row["rows_read"] for row in rows) > 1000


def test_shares_of_identity_add_up(simulated_night: Night) -> None:
    for row in ask(simulated_night, "identity_rate").rows:
        by_rule = row["by_id_number"] + row["by_staff_no"] + row["by_name"] + row["by_probability"]
        assert by_rule + row["not_tied"] == row["people"]
        assert row["tied_share"] == pytest.approx(1 - row["not_tied"] / row["people"], abs=0.0001)


def test_the_page_shows_the_sql_that_is_run() -> None:
    page = (PROJECT_ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    assert page == write_page(load_examples()), "`.venv/bin/python -m ganxun.docs pages` writes the page"


@pytest.mark.parametrize(
    ("file_name", "text", "fault"),
    [
        ("weak.sql", "select 1", "NN_name"),
        ("01_weak.sql", "-- title_zh: 题\nselect 1", "title_en"),
        ("01_weak.sql", "-- titel_zh: 题\nselect 1", "titel_zh"),
        ("01_weak.sql", EXAMPLES["identity_rate"].name, "header"),
    ],
)
def test_a_file_without_its_texts_is_refused(file_name: str, text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_example(file_name, text)


def test_a_person_lists_the_questions_and_asks_one(simulated_night: Night) -> None:
    data_dir = str(simulated_night.settings.data_dir)
    listed = json.loads(run_ganxun("sql", "--list", "--json").stdout)
    assert [one["name"] for one in listed] == list(EXAMPLES)
    in_chinese, in_english = run_ganxun("sql", "--list"), run_ganxun("sql", "--list", "--lang", "en")
    assert EXAMPLES["identity_rate"].title_zh in in_chinese.stdout
    assert EXAMPLES["identity_rate"].title_en in in_english.stdout
    by_name = run_ganxun("sql", "--example", "identity_rate", "--data-dir", data_dir, "--json")
    by_number = run_ganxun("sql", "--example", "9", "--data-dir", data_dir, "--json")
    assert (
        json.loads(by_name.stdout)
        == json.loads(by_number.stdout)
        == ask(simulated_night, "identity_rate").rows
    )
    assert EXAMPLES["identity_rate"].question_zh[:10] in by_name.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--example", "no_such"],
        ["--example", "9", "--restricted"],
        ["select 1", "--example", "9"],
        ["selec 1"],
    ],
)
def test_what_cannot_be_asked_exits_2_without_a_traceback(
    simulated_night: Night, arguments: list[str]
) -> None:
    done = run_ganxun("sql", *arguments, "--data-dir", str(simulated_night.settings.data_dir))
    assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr
