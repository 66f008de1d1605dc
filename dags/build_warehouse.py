"""`build_warehouse`: build, check and publish the warehouse of one business date.

Starts when all four sources have landed that date, or at the deadline, whichever is first. A run that
finds its date published and nothing landed since (the deadline after a complete night) skips itself. A
critical expectation that fails on a mart stops the run before publishing: last night's warehouse stands.
Whatever became of it, `tell` says so by mail or webhook when people have something to know (docs/alerts.md).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, PartitionedAssetTimetable, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from ganxun.settings import Settings
from night import DEADLINE, LANDED, POOL, business_date_param, find_business_date, tell_people

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
        from ganxun.alerts.notes import note_failure
        from ganxun.steps.build import build as build_run

        business_date = find_business_date(get_current_context())
        with note_failure(Settings(), business_date, "build"):
            return build_run(Settings(), business_date).to_dict()

    @task(execution_timeout=timedelta(minutes=30), **RETRIED)
    def check(run: dict[str, Any]) -> dict[str, Any]:
        """Hold the marts against their expectations."""
        from ganxun.alerts.notes import note_failure
        from ganxun.steps.build import BuildRun
        from ganxun.steps.check import ChecksFailed
        from ganxun.steps.check import check as check_run

        built = BuildRun.from_dict(run)
        try:
            with note_failure(Settings(), built.business_date, "check"):
                check_run(Settings(), built)
        except ChecksFailed as failure:
            # The same figures would fail the same expectation again: a person has to look.
            raise AirflowFailException(str(failure)) from failure
        return run

    @task(execution_timeout=timedelta(minutes=30), **RETRIED)
    def publish(run: dict[str, Any]) -> None:
        """Swap the new warehouse in."""
        from ganxun.alerts.notes import note_failure
        from ganxun.steps.build import BuildRun
        from ganxun.steps.publish import publish as publish_run

        built = BuildRun.from_dict(run)
        with note_failure(Settings(), built.business_date, "publish"):
            publish_run(Settings(), built)

    # A teardown runs whatever became of the tasks before it, and does not turn a failed run green or a good
    # one red: a night is not worse because a mail server is down.
    @task(retries=2, retry_delay=timedelta(minutes=1), execution_timeout=timedelta(minutes=10))
    def tell() -> str:
        """Tell people what they do not know yet of this night; red when a message could not be sent."""
        return tell_people(get_current_context(), build_ended=True)

    run = build()
    published = publish(check(run))
    needs_building() >> run
    published >> tell().as_teardown()
