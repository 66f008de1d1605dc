"""Run a DAG to its end in this process, as a person by hand or as the scheduler would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest


@dataclass(frozen=True)
class Run:
    """How a DAG run ended: its state, and the state and number of tries of each task."""

    state: str
    tasks: dict[str, str]
    tries: dict[str, int]


def run_by_hand(dag: Any, retries: int = 0, **conf: str) -> Run:
    """`dag.test()` with parameters; what fails is tried again at once, not in two and a half hours."""
    with _few_tries(dag, retries):
        return _describe(dag.test(run_conf=conf))


@contextmanager
def _few_tries(dag: Any, retries: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # In one process the parameters of a run would stay with the DAG for the next one.
        patch.setattr(dag, "params", deepcopy(dag.params))
        for task in dag.tasks:
            patch.setattr(task, "params", deepcopy(task.params))
            patch.setattr(task, "retries", retries)
            patch.setattr(task, "retry_delay", timedelta())
        yield


def run_for_partition(dag: Any, partition: str) -> Run:
    """Run a DAG as when assets of a partition have started it: `dag.test()` only knows runs by hand.

    What fails is not tried again.
    """
    from airflow.sdk.definitions.dag import _run_task
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState, TaskInstanceState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    now = datetime.now(UTC)
    with _few_tries(dag, 0), create_session() as session:
        dag_run = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag)).create_dagrun(
            run_id=f"asset_triggered__{now.isoformat()}",
            run_after=now,
            run_type=DagRunType.ASSET_TRIGGERED,
            triggered_by=DagRunTriggeredByType.ASSET,
            state=DagRunState.RUNNING,
            partition_key=partition,
            session=session,
        )
        for _ in range(len(dag.tasks) + 1):  # one round a task at most, and one to see the end
            session.expire_all()
            ready, _ = dag_run.update_state(session=session)
            for instance in ready:
                instance.try_number += 1
                instance.state = TaskInstanceState.SCHEDULED
            session.commit()
            for instance in ready:
                _run_task(ti=instance, task=dag.get_task(instance.task_id))
        session.expire_all()
        return _describe(dag_run)


def _describe(dag_run: Any) -> Run:
    instances = dag_run.get_task_instances()
    return Run(
        str(dag_run.state),
        {instance.task_id: str(instance.state) for instance in instances},
        {instance.task_id: instance.try_number for instance in instances},
    )


def find_events() -> Counter[tuple[str, str | None]]:
    """Asset events so far, by asset and partition."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    with create_session() as session:
        return Counter((event.asset.name, event.partition_key) for event in session.query(AssetEvent))


def forget_events() -> None:
    """Delete the asset events of earlier tests."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    with create_session() as session:
        session.query(AssetEvent).delete()
