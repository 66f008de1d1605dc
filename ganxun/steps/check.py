"""Check: the marts of a working warehouse against their expectations, before anybody can see them."""

from __future__ import annotations

import duckdb
import structlog

from connectors.ledger import Ledger
from expectations.results import CheckResult
from ganxun.settings import Settings
from ganxun.steps.build import BuildRun
from ganxun.steps.built_tables import BuiltTables
from ganxun.steps.failures import StepFailed
from ganxun.steps.lock import warehouse_lock

MARTS_SUITE = "marts"
log = structlog.get_logger()


class ChecksFailed(StepFailed):
    """A critical expectation on the marts failed: last night's warehouse stays published."""

    code = "checks"

    def __init__(self, failures: list[CheckResult]) -> None:
        """Keep the failed results; the message is one line for each."""
        self.failures = failures
        super().__init__("; ".join(f"{failure.table}: {failure.message}" for failure in failures))


def check(settings: Settings, run: BuildRun) -> list[CheckResult]:
    """Hold the marts of a build against the suite `marts` and write every result into the ledger.

    Returns all results. Raises `ChecksFailed` when a critical one failed.
    """
    from expectations.privacy import Published, gather_people
    from expectations.runner import find_blocking, list_columns, validate

    with warehouse_lock(settings), Ledger(settings.zones) as ledger:
        with duckdb.connect(str(run.work_file(settings)), read_only=True) as connection:
            connection.execute(f"set timezone = '{settings.timezone}'")
            connection.execute(f"set memory_limit = '{settings.memory_limit}'")
            tables = BuiltTables(connection, list_columns(MARTS_SUITE))
            # Every published text is searched for personal data, not only those with expectations.
            published = Published(tables.published_columns(), tables.read_texts, gather_people(tables))
            results = validate(MARTS_SUITE, tables, published)
        ledger.record_checks(run.run_id, "marts", MARTS_SUITE, results)
        failures = find_blocking(results)
        log.info("checked", run_id=run.run_id, checks=len(results), critical_failures=len(failures))
        if failures:
            ledger.finish_run(run.run_id, "rejected")
            raise ChecksFailed(failures)
    return results
