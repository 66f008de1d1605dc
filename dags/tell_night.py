"""`tell_night`: at the hour when people expect the night's figures, tell them what they do not know yet.

`build_warehouse` tells at its own end; this is for the night that has no such end: a build that never
started, still runs or was killed with its server. It also tries again what could not be sent before. A night
has one message of trouble and one of recovery, whoever calls first (docs/alerts.md).
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, get_current_context, task

from ganxun.settings import Settings
from night import business_date_param, nightly, tell_people

PUBLISHED_BY = Settings().night_published_by

with DAG(
    dag_id="tell_night",
    description="At the hour of publishing: one message if the night is in trouble",
    doc_md=__doc__,
    # Every night at the hour of GANXUN_NIGHT_PUBLISHED_BY (06:30): ninety minutes before offices open.
    schedule=nightly(f"{PUBLISHED_BY.minute} {PUBLISHED_BY.hour} * * *"),
    catchup=False,  # a scheduler that was down for a week has one message to send, not seven
    max_active_runs=1,
    params={"business_date": business_date_param()},
    tags=["night"],
) as tell_night:

    @task(
        retries=6,  # 5, 10, 20, 40, 60 and 60 minutes: a mail server that is back by 09:45 still sends
        retry_delay=timedelta(minutes=5),
        retry_exponential_backoff=2,
        max_retry_delay=timedelta(hours=1),
        execution_timeout=timedelta(minutes=10),
    )
    def tell() -> str:
        """Tell what is not told yet; red when a message could not be sent."""
        return tell_people(get_current_context(), build_ended=False)

    tell()
