"""A made-up city with a share of names and numbers mistyped, and identity built on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ganxun.settings import SOURCES, Settings
from ganxun.steps import build as build_step
from ganxun.steps.land import land
from simulator import SimulationPlan, simulate
from tests.dbt.conftest import copied_project, run_dbt
from tests.drops import CITY_SMALL_DATE
from tests.worlds import make_world

__all__ = ["copied_project"]  # the fixture: tests here damage a copy of the project too

CADRES = 2000
DAMAGED_SHARE = 0.05
IDENTITY = (
    "+identity_link",
    "+cadre_identity",
    "+identity_review",
    "+identity_history",
    "+ops_identity",
    "+ops_identity_review",
)
RULE_SIX = (
    "policy_parameter",
    "int_identity_policy",
    "int_identity_pair",
    "int_identity_probable",
    "int_identity_link",
)


@dataclass(frozen=True)
class DamagedCity:
    """A work file with identity built in it, the simulator's truth, and the rule 6 model of the build."""

    work_file: Path
    truth: Path
    model: Path

    def query(self, sql: str) -> list[tuple]:
        """Rows of a query on the work file; `truth` is (source, source_person_id, person_code).

        The truth knows a workbook row by file and row, the warehouse by batch and row.
        """
        with duckdb.connect(str(self.work_file), read_only=True) as connection:
            connection.execute(f"""
                create temp view truth as
                select
                    known.source,
                    coalesce(enrollment.enrollment_id, known.source_person_id) as source_person_id,
                    known.person_code
                from '{self.truth}' as known
                left join intermediate.int_backfill_enrollment as enrollment
                    on known.source = 'backfill'
                    and known.source_person_id = enrollment.source_file || '!' || enrollment.source_row
            """)
            return connection.execute(sql).fetchall()


def land_city(plan: SimulationPlan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Simulate and land a city; gives a work file with the raw views and nothing else, and the truth."""
    drop = folder / "drop"
    simulate(plan, drop)
    settings = Settings(data_dir=folder / "data")
    for source in SOURCES:
        land(settings, source, str(drop), plan.end, validate=lambda *_: [])
    for step in ("_run_dbt", "_run_column_tests"):
        monkeypatch.setattr(build_step, step, lambda *_: None)
    run = build_step.build(settings, plan.end)
    return run.work_file(settings), folder / "drop.truth" / "identity.parquet"


def build_identity(
    work_file: Path,
    folder: Path,
    project: Path = build_step.DBT_PROJECT,
    select: tuple[str, ...] = IDENTITY,
) -> None:
    """Run the models of identity and what they need, with the tests that need nothing else."""
    command = ["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"]
    command += ["--select", *select]
    process, _ = run_dbt(command, work_file=work_file, folder=folder, project=project)
    assert process.returncode == 0, process.stdout[-4000:]


def build_damaged_city(folder: Path) -> DamagedCity:
    """2,000 cadres; 5 % of the names and, independently, of the numbers in registrations are mistyped."""
    plan = SimulationPlan(
        cadres=CADRES,
        start=date(2021, 1, 1),
        end=CITY_SMALL_DATE,
        seed=7,
        damaged_identity_share=DAMAGED_SHARE,
    )
    model = folder / "identity_model.json"
    with pytest.MonkeyPatch.context() as monkeypatch:
        work_file, truth = land_city(plan, folder, monkeypatch)
        monkeypatch.setenv("GANXUN_IDENTITY_MODEL", str(model))
        build_identity(work_file, folder)
    return DamagedCity(work_file, truth, model)


@pytest.fixture(scope="session")
def damaged_city() -> DamagedCity:
    return make_world("damaged-city", build_damaged_city)
