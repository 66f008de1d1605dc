"""What the DAGs of one night share: the hours, the assets, the pool, the parameters and the business date.

Holds no DAG of its own. Everything here is cheap to import: the DAG processor parses this folder again
and again, so whatever is heavy is imported inside the tasks.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from airflow.sdk import Asset, Context, CronPartitionTimetable, Param
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ganxun.settings import SOURCES, Settings

POOL = "warehouse"
"""One slot (dags/pools.json): DuckDB has one writer, and two builds at once would fight for the memory."""

PARTITION_FORMAT = "%Y-%m-%d"
"""An asset's partition is the business date that was landed, so two nights never mix (docs/airflow.md)."""


class NightHours(BaseSettings):
    """When the night starts and ends, as cron lines in the deployment's time zone.

    Set by `GANXUN_NIGHT_LAND_CRON` and `GANXUN_NIGHT_DEADLINE_CRON`. Both must lie after midnight: the
    business date of a night is the day before.
    """

    model_config = SettingsConfigDict(env_prefix="GANXUN_NIGHT_", extra="ignore")

    # Every night at 02:00: the systems write their exports between 22:00 and 01:30.
    land_cron: str = Field(default="0 2 * * *", description="when the four landings start")
    # Every night at 05:00: an hour's build is published before offices open at 08:00, even if it fails once.
    deadline_cron: str = Field(default="0 5 * * *", description="when the build waits no longer")


LANDED = {source: Asset(name=f"landed_{source}", uri=f"x-ganxun://landed/{source}") for source in SOURCES}
"""Published by `land_<source>` when tonight's export of that source is safe, read and in the ledger."""

DEADLINE = Asset(name="night_deadline", uri="x-ganxun://night/deadline")
"""Published by `close_night`: build with whatever has landed."""


def nightly(cron: str) -> CronPartitionTimetable:
    """A nightly schedule whose partition key is the business date: the local day before the tick."""
    return CronPartitionTimetable(
        cron,
        timezone=Settings().timezone,
        run_offset=-1,
        key_format=PARTITION_FORMAT,
    )


def tell_people(context: Context, *, build_ended: bool) -> str:
    """Tell people what they do not know yet of the run's night; returns one line for the log.

    Raises RuntimeError when a message could not be sent: it is tried again, and then on the next occasion.
    """
    from urllib.parse import quote

    from ganxun.alerts.alert_settings import AlertSettings
    from ganxun.alerts.tell import tell_night

    run = context["dag_run"]
    told = tell_night(
        Settings(),
        AlertSettings(),
        find_business_date(context),
        build_ended=build_ended,
        airflow_path=f"/dags/{run.dag_id}/runs/{quote(run.run_id, safe='')}" if build_ended else "",
    )
    if told.failed:
        raise RuntimeError(told.describe())
    return told.describe()


def business_date_param() -> Param:
    """The parameter that lets a person run a night again by hand."""
    return Param(
        default=None,
        type=["null", "string"],
        format="date",
        title="Business date",
        description="YYYY-MM-DD; empty: the date of the run's partition, else the day before the run",
    )


def find_business_date(context: Context) -> date:
    """The business date that this run is for.

    First that is given: the parameter `business_date`; the run's partition key (scheduled runs and runs
    started by assets have one); the local day before the run's `run_after`, as for a night at 02:00.
    """
    import pendulum

    params: dict[str, Any] = dict(context["params"])
    dag_run = context["dag_run"]
    if given := params.get("business_date") or dag_run.partition_key:
        return date.fromisoformat(given)
    local = pendulum.instance(dag_run.run_after).in_timezone(Settings().timezone)
    return local.date() - timedelta(days=1)
