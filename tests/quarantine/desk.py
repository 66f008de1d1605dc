"""A desk at which somebody works off the quarantine of a small delivery: real command line, real files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from typer.testing import CliRunner, Result

from connectors.check_outcome import CheckOutcome
from connectors.ledger import Ledger
from connectors.ledger_tables import ops_tables
from connectors.zones import Zones
from expectations.results import CheckResult
from ganxun.cli import app
from ganxun.quarantine.apply import apply_decisions
from ganxun.settings import Settings
from ganxun.steps.land import land
from tests.connectors.exports import (
    CSVS,
    NIGHT,
    TABLES,
    make_statement,
    write_cadre,
    write_database,
    write_lines,
)

NEXT_NIGHT = date(2026, 7, 1)
LESSON, COURSE, ENROLLMENT = TABLES["lesson"][0], TABLES["course"][0], TABLES["enrollment"][0]
STUDENT = TABLES["student"][0]
# What may stand in no list, log or refusal; every one of these is in a quarantined row.
PERSONAL = ("丁零七", "519900199907070077", "P77")


def accept_all(_suite: str, _tables: object) -> list[CheckOutcome]:
    """The suites have tests of their own."""
    return []


def write_drop(drop: Path, night: date = NIGHT) -> None:
    """A night of three systems; one row of each fault that people decide about."""
    posts = CSVS["A02.csv"] + "P77,001,测试市,科员,2,0150,20200101,20190101,0,1\r\nP3,001,x\r\n"
    people = CSVS["A01.csv"] + (
        "P77,丁零七,1,19990707,01,,01,7,04,519900199907070077,科员,001,0150,,20200101\r\n"
    )
    write_cadre(drop, night, texts={"A02.csv": posts, "A01.csv": people})
    write_database(
        drop,
        night,
        tables={
            "lesson": [LESSON, LESSON | {"lesson_id": "L2", "lesson_date": "2026-02-30"},
                       LESSON | {"lesson_id": "L3", "hours": 99}],
            "course": [COURSE, COURSE | {"course_id": "K2", "hours": -3.0},
                       COURSE | {"course_id": "K3", "hours": -5.0}],
            "enrollment": [ENROLLMENT, ENROLLMENT | {"enrollment_id": "E2", "result": "excellent"}],
        },
    )  # fmt: skip
    write_lines(drop, f"mobile/dt={night}/statements-0001.ndjson.gz", [make_statement(), "{not json"])


def forget_codes(zones: Zones) -> None:
    """Leave what a version without codes of reasons would have left."""
    with Ledger(zones) as ledger:
        for table in ("file", "batch"):
            ledger.query(f"ALTER TABLE {table} DROP COLUMN reason_code")
    for path in (*zones.quarantine.glob("*.parquet"), *zones.quarantine.glob("decided/*.parquet")):
        pq.write_table(pq.read_table(path).drop_columns("reason_code"), path)


@dataclass(frozen=True)
class Desk:
    """A drop and a data folder, and the command line on them."""

    folder: Path

    @property
    def drop(self) -> Path:
        return self.folder / "drop"

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder / "data")

    def land(self, night: date = NIGHT, sources: Iterable[str] = ("cadre", "academic", "mobile")) -> None:
        """Land what is in the drop."""
        for source in sources:
            report = land(self.settings, source, str(self.drop), night, validate=accept_all)
            assert not report.faults, report.faults

    def copy(self, folder: Path) -> Desk:
        """The same desk in another folder."""
        shutil.copytree(self.folder, folder)
        return Desk(folder)

    def type(self, *arguments: str) -> Result:
        """What a person types after `ganxun quarantine`."""
        return CliRunner().invoke(
            app, ["quarantine", *arguments, "--data-dir", str(self.settings.data_dir)], env={"COLUMNS": "240"}
        )

    def ask(self, *arguments: str) -> Any:
        """The JSON of a command that must succeed."""
        done = self.type(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def groups(self, *arguments: str) -> dict[tuple[str, str | None], dict[str, Any]]:
        """Groups of `list` by table and field."""
        return {(one["entity"], one["field"]): one for one in self.ask("list", *arguments)["groups"]}

    def row(self, entity: str, field: str | None) -> str:
        """The id of the first row of a group."""
        group = self.groups("--all")[entity, field]["group"]
        return self.ask("show", group)[0]["id"]

    def apply(self, validate: Any = accept_all) -> int:
        """What a run does before it builds."""
        with Ledger(self.settings.zones) as ledger:
            return apply_decisions(self.settings, ledger, validate)

    def rows(self, table: str, night: date = NEXT_NIGHT) -> list[dict[str, Any]]:
        """Rows of a raw table as the models see them at a date."""
        with Ledger(self.settings.zones) as ledger:
            files = ledger.effective_batches(night).get(table, [])
        return [row for path in files for row in pq.read_table(path).to_pylist()]

    def batch(self, entity: str, night: date = NEXT_NIGHT) -> dict[str, int]:
        """The counts of the newest batch of a table at a date: what files and ledger say must agree."""
        with Ledger(self.settings.zones) as ledger:
            tables = ops_tables(ledger, night)
        batches = [row for row in tables["batch"].to_pylist() if row["entity"] == entity]
        found = max(batches, key=lambda row: (row["business_date"], row["revision"]))
        faults = [row for row in tables["quarantine"].to_pylist() if row["batch_id"] == found["batch_id"]]
        left_out = {row["source_row"] for row in faults if row["action"] in ("quarantined", "discarded")}
        loaded = self.rows(f"{found['source']}__{entity}", night)
        assert len(left_out) == found["rows_quarantined"]
        assert len([row for row in loaded if row["_batch_id"] == found["batch_id"]]) == found["rows_loaded"]
        return {
            name: found[f"rows_{name}"]
            for name in ("read", "loaded", "quarantined", "superseded", "discarded")
        }

    def codes(self, entity: str, night: date = NEXT_NIGHT) -> dict[str | None, str | None]:
        """The codes of what is left out of a table at a date, by field."""
        with Ledger(self.settings.zones) as ledger:
            faults = ops_tables(ledger, night)["quarantine"].to_pylist()
        return {
            row["field"]: row["reason_code"]
            for row in faults
            if row["entity"] == entity and row["action"] == "quarantined"
        }

    def decisions(self) -> list[Path]:
        """Decisions that are kept."""
        return sorted(self.settings.zones.quarantine_decisions.glob("*"))


def fail_when_more_lessons(_suite: str, tables: dict[str, pa.Table]) -> list[CheckOutcome]:
    """A suite that does not bear a second lesson."""
    good = tables["lesson"].num_rows < 2
    return [
        CheckResult(
            "academic", "lesson", "one_lesson", None, "critical", good, "row_count", {"rows": 1}, "", None, ""
        )
    ]
