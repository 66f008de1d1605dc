"""What the published warehouse says of its own night: the newest checks and the run's end, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from connectors.ledger import Ledger
from connectors.zones import Zones
from expectations.results import CheckResult
from expectations.words import list_meanings
from ganxun.steps.build import DBT_PROJECT, BuildRun
from ganxun.steps.finish_ops import finish_ops

NIGHT = date(2026, 6, 30)
STARTED = datetime(2026, 6, 30, 18, 0, tzinfo=UTC)
ENDED = datetime(2026, 6, 30, 18, 42, 30, tzinfo=UTC)
FAILED = CheckResult(
    "academy", "records", "hours_fit", "hours", "warning", False, "row_count", {"rows": 3}, "", 3, ""
)
PASSED = replace(FAILED, success=True, unexpected_count=0, message="")
COLUMNS = {
    "ops_check": "run_id varchar, stage varchar, stage_name varchar, stage_name_en varchar, suite varchar, "
    "table_name varchar, table_label varchar, table_label_en varchar, expectation varchar, "
    "column_name varchar, severity varchar, severity_name varchar, severity_name_en varchar, "
    "severity_order bigint, success boolean, is_newest boolean, failed bigint, passed bigint, "
    "meaning varchar, meaning_en varchar, observed varchar, found varchar, found_en varchar, "
    "unexpected_count bigint, message varchar, checked_at timestamptz",
    "ops_run": "run_id varchar, business_date date, started_at timestamptz, finished_at timestamptz, "
    "status varchar, status_name varchar, status_name_en varchar, minutes double, run_rank bigint, "
    "rule_version varchar, code_version varchar, input_digest varchar",
    "ops_table": "table_name varchar, label_zh varchar",
}


@dataclass(frozen=True)
class Finishing:
    """A file being published, with the build it is published from and the ledger."""

    connection: duckdb.DuckDBPyConnection
    ledger: Ledger

    def finish(self, run_id: str) -> None:
        run = BuildRun(run_id, NIGHT, STARTED, "digest", "rules", "code")
        finish_ops(self.connection, run, self.ledger, ENDED, "published")

    def read(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def start(self, run_id: str, started_at: datetime) -> None:
        self.ledger.start_run(run_id, NIGHT, "rules", "code")
        self.ledger.query("UPDATE run SET started_at = ? WHERE run_id = ?", (started_at.isoformat(), run_id))


@pytest.fixture
def finishing(tmp_path: Path) -> Iterator[Finishing]:
    with duckdb.connect() as connection, Ledger(Zones(tmp_path)) as ledger:
        connection.execute("attach ':memory:' as work")
        connection.execute("create schema work.rules")
        labels = DBT_PROJECT / "seeds" / "code_label.csv"
        connection.execute(
            "create table work.rules.code_label as from read_csv(?, all_varchar=true)", [str(labels)]
        )
        connection.execute("create schema ops")
        for table, columns in COLUMNS.items():
            connection.execute(f"create table ops.{table} ({columns})")
        connection.execute("insert into ops.ops_table values ('fct_training', '学时台账')")
        yield Finishing(connection, ledger)


def test_a_failure_that_the_newest_check_does_not_repeat_is_not_shown_as_open(finishing: Finishing) -> None:
    finishing.ledger.record_checks("landing-1", "landing", "academy", [FAILED])
    finishing.ledger.record_checks("landing-2", "landing", "academy", [PASSED])
    finishing.ledger.record_checks("landing-1", "landing", "mobile", [replace(FAILED, table="statements")])
    finishing.finish("none")
    assert finishing.read(
        "select run_id, suite, is_newest, failed, passed from ops.ops_check order by all"
    ) == [
        ("landing-1", "academy", False, 1, 0),
        ("landing-1", "mobile", True, 1, 0),
        ("landing-2", "academy", True, 0, 1),
    ]


def test_a_reader_of_either_language_understands_what_was_checked(finishing: Finishing) -> None:
    finishing.ledger.record_checks("landing-1", "landing", "academy", [FAILED])
    finishing.ledger.record_checks(
        "run-1", "marts", "marts", [replace(FAILED, table="fct_training", severity="critical")]
    )
    finishing.finish("run-1")
    assert finishing.read(
        "select stage_name, stage_name_en, table_label, table_label_en, severity_name from ops.ops_check "
        "order by stage"
    ) == [
        ("入库时", "At landing", "学习记录", "Learning records", "警告"),
        ("发布前", "Before publishing", "学时台账", "fct_training", "严重（阻止发布）"),
    ]


def test_a_failed_check_says_in_both_languages_what_must_hold_and_what_was_found(
    finishing: Finishing,
) -> None:
    rule = next(each for each in list_meanings() if each[:2] == ("academy", "records"))
    facts = {"unexpected": 3, "judged": 10, "share": 0.3, "allowed": 0.0, "first_rows": ["4", "7", "9"]}
    failed = replace(FAILED, expectation=rule.expectation, code="share", facts=facts)
    finishing.ledger.record_checks("landing-1", "landing", "academy", [failed, PASSED])
    finishing.finish("none")
    assert finishing.read(
        "select meaning, meaning_en, found, found_en from ops.ops_check order by success"
    ) == [
        (
            rule.meaning,
            rule.meaning_en,
            "10 行中有 3 行（30.00%），最多允许 0.00%；最先的几行：4, 7, 9",
            "3 of 10 rows (30.00%), at most 0.00% allowed; first rows: 4, 7, 9",
        ),
        # a rule of an older version, which no suite has any more, keeps its name
        ("hours_fit", "hours_fit", "3 行", "3 rows"),
    ]


def test_a_check_of_an_older_ledger_is_still_told_in_both_languages(finishing: Finishing) -> None:
    for column in ("code", "facts"):
        finishing.ledger.query(f"ALTER TABLE check_result DROP COLUMN {column}")
    observed = "3 of 10 rows (30.00%), at most 0.00% allowed"
    finishing.ledger.query(
        "INSERT INTO check_result VALUES ('landing-1', 'landing', 'academy', 'records', 'hours_fit', 'hours',"
        " 'warning', 0, ?, 3, ?, '2026-06-30T18:00:00+00:00')",
        (observed, f"records is not as expected: … (found: {observed}; first rows: 4, 7)."),
    )
    with Ledger(finishing.ledger.zones) as ledger:
        replace(finishing, ledger=ledger).finish("none")
    assert finishing.read("select found, found_en from ops.ops_check") == [
        ("10 行中有 3 行（30.00%），最多允许 0.00%；最先的几行：4, 7", f"{observed}; first rows: 4, 7")
    ]


@pytest.mark.parametrize("facts", ["{broken", '{"unexpected": "many", "judged": []}', "[]", ""])
def test_facts_that_cannot_be_read_cost_their_own_words_and_not_the_night(
    finishing: Finishing, facts: str
) -> None:
    finishing.ledger.record_checks(
        "landing-1", "landing", "academy", [replace(FAILED, code="share", facts={})]
    )
    finishing.ledger.query("UPDATE check_result SET observed = '3 rows', facts = ?", (facts,))
    finishing.finish("none")
    assert finishing.read("select found, found_en from ops.ops_check") == [("3 行", "3 rows")]


def test_the_published_run_ends_when_it_is_published_and_no_other_run_with_it(finishing: Finishing) -> None:
    finishing.start("run-1", datetime(2026, 6, 29, 18, 0, tzinfo=UTC))
    finishing.start("run-2", STARTED)
    finishing.finish("run-2")
    assert finishing.read(
        "select run_id, status, status_name, status_name_en, minutes, run_rank, input_digest "
        "from ops.ops_run order by run_rank"
    ) == [
        ("run-2", "published", "已发布", "Published", 42.5, 1, "digest"),
        ("run-1", "running", "运行中", "Running", None, 2, None),
    ]


def test_publishing_twice_doubles_no_check(finishing: Finishing) -> None:
    finishing.ledger.record_checks("landing-1", "landing", "academy", [FAILED, PASSED])
    finishing.start("run-1", STARTED)
    finishing.finish("run-1")
    finishing.finish("run-1")
    assert finishing.read("select count(*) from ops.ops_check") == [(2,)]
    assert finishing.read("select count(*) from ops.ops_run") == [(1,)]
