"""Where a night is killed: at every boundary of its steps, and inside them where something is committed."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass

from tests.faults.killed import run_armed
from tests.faults.nights import Deployment
from tests.processes import Forked


@dataclass(frozen=True)
class KillPoint:
    """One place: what has just happened there, and at which call of which function that is."""

    what: str
    function: str
    call: int = 1
    when: str = "after"

    def __str__(self) -> str:
        """The place in words: the name of its test."""
        return self.what

    def spec(self) -> str:
        """For tests.faults.killed."""
        return json.dumps({"function": self.function, "call": self.call, "when": self.when})


LANDING = (
    KillPoint("nothing landed yet", "ganxun.steps.land:land", when="before"),
    KillPoint("bytes landed, unknown to the ledger", "ganxun.steps.land:land_file"),
    KillPoint("a file in the ledger, not read", "connectors.ledger:Ledger.record"),
    KillPoint("a Parquet file half written", "connectors.staging:publish_file", when="before"),
    KillPoint("the first of a file's tables staged", "connectors.staging:publish_file"),
    KillPoint("a file staged, not judged", "connectors.ledger:Ledger.record_checks", when="before"),
    KillPoint("a file judged, not loaded", "connectors.ledger:Ledger.record_checks"),
    KillPoint("inside the ledger's transaction", "connectors.ledger:Ledger._transaction", 3, "inside"),
    KillPoint("the first file loaded", "connectors.ledger:Ledger.record", 2),
    KillPoint("the first source landed", "ganxun.steps.land:land"),
    KillPoint("three sources landed", "ganxun.steps.land:land", 4, "before"),
    KillPoint("all sources landed", "ganxun.steps.land:land", 4),
)
BUILD = (
    KillPoint("a build begun", "connectors.ledger:Ledger.start_run"),
    KillPoint("the work file opened", "ganxun.steps.build:_open_raw"),
    KillPoint("staging models run", "dbt.task.base:BaseRunner.compile_and_execute", 60, "before"),
    KillPoint("half of the models run", "dbt.task.base:BaseRunner.compile_and_execute", 150, "before"),
    KillPoint("all models run, not tested", "ganxun.steps.build:_run_column_tests", when="before"),
    KillPoint("built, not handed on", "ganxun.steps.build:build"),
)
CHECK = (
    KillPoint("the check begun", "ganxun.steps.check:BuiltTables", when="before"),
    KillPoint("marts judged, not recorded", "connectors.ledger:Ledger.record_checks", when="before"),
    KillPoint("inside the transaction of the results", "connectors.ledger:Ledger._transaction", 1, "inside"),
    KillPoint("marts judged and recorded", "connectors.ledger:Ledger.record_checks"),
)
PUBLISH = (
    KillPoint("publishing begun", "ganxun.steps.publish:_write", when="before"),
    KillPoint("the first file half written", "ganxun.steps.publish:_describe", when="before"),
    KillPoint("the first file verified, not named", "ganxun.steps.publish:_verify"),
    KillPoint("the first file complete", "ganxun.steps.publish:_write"),
    KillPoint("both files complete", "ganxun.steps.publish:_write", 2),
    KillPoint("before the swap", "ganxun.steps.publish:point_links_at", when="before"),
    KillPoint("the next link laid out, not swapped", "pathlib:Path.replace", 1, "before"),
    KillPoint("swapped, not recorded", "ganxun.steps.publish:point_links_at"),
    KillPoint("published, before old versions go", "ganxun.steps.publish:prune_versions", when="before"),
    KillPoint("old versions gone", "ganxun.steps.publish:prune_versions"),
    KillPoint("before the work file goes", "ganxun.steps.publish:prune_landing"),
)


def run_killed(point: KillPoint | None, *arguments: str, allowed: tuple[int, ...] = (0,)) -> int:
    """Run `tests.faults.killed` to its end; returns the exit code, -SIGKILL where the kill came.

    AssertionError for an exit that is neither the kill nor `allowed`.
    """
    with Forked(run_armed, point.spec() if point else "{}", *arguments) as process:
        _, stderr = process.communicate()
    code = process.returncode
    assert code in (*allowed, -signal.SIGKILL), stderr[-2000:]
    return code


def night_arguments(deployment: Deployment, night: str) -> tuple[str, ...]:
    """A whole night, for `run_killed`."""
    return (
        *("night", "--drop", str(deployment.drop), "--date", night),
        *("--data-dir", str(deployment.data_dir)),
    )
