"""The credit ledger against a second, naive one: any generated history gives equal ledgers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample

from ganxun.steps.build import DBT_PROJECT
from tests.dbt.built import Built
from tests.dbt.ledger.histories import worlds, write_world
from tests.dbt.ledger.naive_ledger import Entry, RuleBook, World, compute_ledger
from tests.dbt.ledger.sql_ledger import SqlLedger

# What hypothesis says of a failing example that is long.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

WORLDS = 30
WORLDS_UNTIL_NOTICED = 150
SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)

# Rules broken on purpose: the generated histories must notice each.
BROKEN = {
    "exactly_one_seventh_is_too_much": ("int_academic_enrollment_hours", "+ 0.000001", "- 0.000001"),
    "late_is_absent": ("int_academic_attendance", "('leave', 'absent')", "('leave', 'absent', 'late')"),
    "running_classes_count": ("int_academic_ledger", "class_status = 'finished'", "class_status <> 'x'"),
    "half_off_job_is_off_job": ("int_training_class", "leave_status = '1'", "leave_status in ('1', '2')"),
    "exam_does_not_matter": ("int_academy_record", "when joined.requires_exam and", "when false and"),
    "days_are_those_of_greenwich": ("int_academy_record", "'Asia/Shanghai'", "'UTC'"),
    "older_version_wins": ("stg_academy__records", "order by updated_at desc", "order by updated_at"),
    "voided_counts": ("int_mobile_statement", "where voided.statement_id is null and", "where"),
    "earlier_years_count_again": (
        "int_mobile_completion",
        "statements.activity_year > periods.after_year",
        "statements.activity_year >= 0",
    ),
    "people_of_one_number_are_one": (
        "int_training_record",
        "unioned.link_source = links.source and unioned.source_person_id",
        "replace(unioned.source_person_id, 'U', 'S')",
    ),
    "cap_forgets_the_morning": (
        "int_online_recognised",
        "unbounded preceding and 1 preceding",
        "1 preceding and 1 preceding",
    ),
    "workbook_doubles_the_database": ("int_backfill_class", "and in_database.class_name is null", ""),
    "ties_between_platforms_by_id": ("int_online_recognised", "case mode when", "case 'x' when"),
}


@pytest.fixture(scope="module")
def sql_ledger(built: Built) -> Iterator[SqlLedger]:
    """The compiled models of the built city, on a database of their own."""
    ledger = SqlLedger(built.work_file, built.target, built.manifest())
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The topic maps as the seeds give them."""

    def read(name: str) -> list[dict[str, str]]:
        with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    keywords = sorted(read("topic_keyword"), key=lambda row: int(row["priority"]))
    return RuleBook(
        mapping={(row["source"], row["category_text"]): row["topic_code"] for row in read("topic_mapping")},
        keywords=[(row["keyword"], row["topic_code"]) for row in keywords],
        names={row["topic_name"]: row["topic_code"] for row in read("topic")},
    )


def _as_compared(entry: Entry) -> dict[str, Any]:
    return {
        "person_code": entry.person_code,
        "mode": entry.mode,
        "topic_code": entry.topic_code,
        "course_key": entry.course,
        "activity_date": entry.activity_date,
        "completed_at": entry.completed_at,
        "raw_hours": round(float(entry.raw_hours), 1),
        "credited_hours": round(float(entry.credited_hours), 1),
        "credit_status": entry.credit_status,
        "is_statutory": entry.is_statutory,
        "score": entry.score,
    }


def find_differences(sql_ledger: SqlLedger, book: RuleBook, world: World, **broken: Any) -> dict[Any, Any]:
    """Ledger rows that the two do not have alike: key > (naive, SQL)."""
    naive = {key: _as_compared(entry) for key, entry in compute_ledger(world, book).items()}
    rows = sql_ledger.compute(world, **broken)
    columns = next(iter(naive.values()), {})
    found = {key: {name: row[name] for name in columns} for key, row in rows.items()}
    return {
        key: (naive.get(key), found.get(key))
        for key in naive.keys() | found.keys()
        if naive.get(key) != found.get(key)
    }


def test_any_history_gives_equal_ledgers(sql_ledger: SqlLedger, book: RuleBook) -> None:
    histories = rows = 0
    statuses: set[str] = set()

    @settings(max_examples=WORLDS, deadline=None, derandomize=True, suppress_health_check=SLOW_IS_FINE)
    @given(worlds)
    def compare(drawn: tuple) -> None:
        nonlocal histories, rows
        world = write_world(*drawn)
        assert find_differences(sql_ledger, book, world) == {}
        ledger = compute_ledger(world, book)
        histories += len(drawn[1])
        rows += len(ledger)
        statuses.update(entry.credit_status for entry in ledger.values())

    compare()
    print(f"{histories} histories, {rows} ledger rows")
    assert histories >= 500
    # ... and not because nothing ever happened in them
    assert rows > 5 * histories
    assert statuses == {
        *("unresolved_person", "not_passed", "excess_leave", "not_completed"),
        *("duplicate", "over_daily_cap", "credited"),
    }


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_broken_in_the_models_is_found_by_generated_histories(
    sql_ledger: SqlLedger, book: RuleBook, name: str
) -> None:
    model, old, new = BROKEN[name]

    def differs(drawn: tuple) -> bool:
        world = write_world(*drawn)
        return bool(find_differences(sql_ledger, book, world, broken={model: (old, new)}))

    try:
        find(
            worlds,
            differs,
            settings=settings(
                max_examples=WORLDS_UNTIL_NOTICED,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=SLOW_IS_FINE,
                database=None,
            ),
        )
    except NoSuchExample:
        pytest.fail(f"{WORLDS_UNTIL_NOTICED} worlds did not notice: {name}")
