"""`build_warehouse`: build, check and publish the warehouse of one business date.

Starts when all four sources have landed that date, or at the deadline, whichever is first. A run that
finds its date published and nothing landed since (the deadline after a complete night) skips itself. A
critical expectation that fails on a mart stops the run before publishing: last night's warehouse stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, PartitionedAssetTimetable, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from ganxun.settings import Settings
from night import DEADLINE, LANDED, POOL, business_date_param, find_business_date

ALL_LANDED = LANDED["cadre"] & LANDED["academic"] & LANDED["academy"] & LANDED["mobile"]

RETRIED = {
    "pool": POOL,
    "retries": 2,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=15),
}

with DAG(
    dag_id="build_warehouse",
    description="Build, check and publish when all four sources have landed, or at the deadline",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=ALL_LANDED | DEADLINE),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    params={"business_date": business_date_param()},
    tags=["night", "warehouse"],
) as build_warehouse:

    @task.short_circuit(retries=2, retry_delay=timedelta(minutes=1), execution_timeout=timedelta(minutes=5))
    def needs_building() -> bool:
        """False when this date is published and nothing has landed since."""
        from ganxun.steps.publish import is_up_to_date

        context = get_current_context()
        if context["dag_run"].run_type == "manual":
            return True  # a person asked for it
        return not is_up_to_date(Settings(), find_business_date(context))

    @task(execution_timeout=timedelta(hours=2), **RETRIED)
    def build() -> dict[str, Any]:
        """Build a new working warehouse; hands on the run's id and date."""
        from ganxun.steps.build import build as build_run

        return build_run(Settings(), find_business_date(get_current_context())).to_dict()

    @task(execution_timeout=timedelta(minutes=30), **RETRIED)
    def check(run: dict[str, Any]) -> dict[str, Any]:
        """Hold the marts against their expectations."""
        from ganxun.steps.build import BuildRun
        from ganxun.steps.check import ChecksFailed
        from ganxun.steps.check import check as check_run

        try:
            check_run(Settings(), BuildRun.from_dict(run))
        except ChecksFailed as failure:
            # The same figures would fail the same expectation again: a person has to look.
            raise AirflowFailException(str(failure)) from failure
        return run

    @task(execution_timeout=timedelta(minutes=30), **RETRIED)
    def publish(run: dict[str, Any]) -> None:
        """Swap the new warehouse in."""
        from ganxun.steps.build import BuildRun
        from ganxun.steps.publish import publish as publish_run

        publish_run(Settings(), BuildRun.from_dict(run))

    run = build()
    needs_building() >> run
    publish(check(run))
