"""`land_cadre`, `land_academic`, `land_academy`, `land_mobile`: bring one system's exports home each night.

One DAG a source, so that a damaged, late or missing export of one system is seen as that system's red
square and never holds up the other three. When tonight's export is in, the source's asset is published
for the business date, which is what `build_warehouse` waits for.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from ganxun.settings import SOURCES, Settings
from night import LANDED, NightHours, business_date_param, find_business_date, nightly

# 1, 2, 4, 8 and then every 10 minutes: the last look for a late export is about two and a half hours
# after the start, before the build's deadline.
RETRIES = 18
FIRST_RETRY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=10)
# The first night lands years of history; an ordinary one takes minutes.
LANDING_TIMEOUT = timedelta(minutes=90)


class ExportMissing(RuntimeError):
    """Tonight's export is not in the drop yet: worth another look later."""


def count(report: dict[str, Any]) -> dict[str, int]:
    """The counts of a landing's report: what a person wants to see, and nothing long or personal."""
    return {name: value for name, value in report.items() if type(value) is int}


def make_landing_dag(source: str) -> DAG:
    """The landing DAG of one source."""
    with DAG(
        dag_id=f"land_{source}",
        description=f"Land tonight's export of the {source} system",
        doc_md=__doc__,
        schedule=nightly(NightHours().land_cron),
        catchup=False,  # one landing takes every export that is there, however many nights were missed
        max_active_runs=1,
        params={
            "business_date": business_date_param(),
            "drop": Param(
                default="",
                type="string",
                title="Drop",
                description="folder of exports, a path or an fsspec URL; empty: the deployment's own",
            ),
        },
        tags=["night", "landing", source],
    ) as dag:

        @task(
            outlets=[LANDED[source]],
            retries=RETRIES,
            retry_delay=FIRST_RETRY,
            retry_exponential_backoff=2,
            max_retry_delay=LONGEST_WAIT,
            execution_timeout=LANDING_TIMEOUT,
        )
        def land(params: dict[str, Any]) -> dict[str, Any]:
            """Land, read and check what is new; hands on counts only."""
            from ganxun.alerts.notes import note_failure
            from ganxun.steps.land import land as land_source

            context = get_current_context()
            business_date = find_business_date(context)
            settings = Settings()
            drop = params["drop"] or settings.drop
            if not drop:
                raise AirflowFailException("no drop: set GANXUN_DROP or give the parameter drop")
            with note_failure(settings, business_date, f"land_{source}"):
                report = land_source(settings, source, drop, business_date)
            newest = report.newest_business_date
            if not report.is_damaged_tonight and (newest is None or newest < business_date):
                raise ExportMissing(f"no {source} export of {business_date} yet; the newest is of {newest}")
            if report.held_back_reason:
                # What is damaged stays damaged: a person asks for a new export. The build does not wait.
                raise AirflowFailException(f"held back: {report.held_back_reason}")
            context["outlet_events"][LANDED[source]].add_partitions(business_date.isoformat())
            return count(report.to_dict())

        land()
    return dag


for _source in SOURCES:
    globals()[f"land_{_source}"] = make_landing_dag(_source)
