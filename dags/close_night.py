"""`close_night`: at the deadline, tell the build to wait no longer.

Publishes the asset `night_deadline` for the business date. It does no work of its own: whether anything
is left to build is decided by `build_warehouse`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, get_current_context, task

from night import DEADLINE, NightHours, business_date_param, find_business_date, nightly

with DAG(
    dag_id="close_night",
    description="At the deadline: build with what has landed",
    doc_md=__doc__,
    schedule=nightly(NightHours().deadline_cron),
    catchup=False,
    max_active_runs=1,
    params={"business_date": business_date_param()},
    tags=["night"],
) as close_night:

    @task(
        outlets=[DEADLINE],
        retries=3,
        retry_delay=timedelta(minutes=1),
        retry_exponential_backoff=2,
        execution_timeout=timedelta(minutes=5),
    )
    def announce_deadline() -> str:
        """Publish the deadline of the run's business date; returns that date."""
        context = get_current_context()
        business_date = find_business_date(context).isoformat()
        context["outlet_events"][DEADLINE].add_partitions(business_date)
        return business_date

    announce_deadline()
