"""What the warehouse says of its own night, filled in when it is published: checks and runs, with words.

The models run before the marts are checked and before the run has ended, so `ops_check` and `ops_run` are
taken from the ledger once more. Their words come from the build's own code list, like those of the models.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa

from connectors.ledger import Ledger
from connectors.ledger_tables import ops_tables
from expectations.words import found_sql, list_meanings
from ganxun.steps.build import BuildRun

# A result is the newest of its table where no later run, or landing, checked that table: an older failure
# that the newest check of the table does not repeat is mended.
_CHECKS = """
insert into ops.ops_check by name
select
    rows.* exclude (code, facts),
    stages.label_zh as stage_name,
    stages.label_en as stage_name_en,
    severities.label_zh as severity_name,
    severities.label_en as severity_name_en,
    severities.sort_order as severity_order,
    coalesce(entities.label_zh, tables.label_zh, rows.table_name) as table_label,
    coalesce(entities.label_en, rows.table_name) as table_label_en,
    rows.run_id = arg_max(rows.run_id, rows.checked_at) over (
        partition by rows.stage, rows.suite, rows.table_name
    ) as is_newest,
    coalesce(meanings.meaning, rows.expectation) as meaning,
    coalesce(meanings.meaning_en, rows.expectation) as meaning_en,
    {found.zh} as found,
    {found.en} as found_en,
    case when rows.success then 0 else 1 end as failed,
    case when rows.success then 1 else 0 end as passed
from ledger_rows as rows
left join meanings
    on rows.suite = meanings.suite
    and rows.table_name = meanings.table_name
    and rows.expectation = meanings.expectation
left join work.rules.code_label as stages on stages.code_list = 'check_stage' and rows.stage = stages.code
left join work.rules.code_label as severities
    on severities.code_list = 'check_severity' and rows.severity = severities.code
left join work.rules.code_label as entities
    on entities.code_list = 'entity' and rows.stage = 'landing' and rows.table_name = entities.code
left join ops.ops_table as tables on rows.stage = 'marts' and rows.table_name = tables.table_name
"""

_RUNS = """
insert into ops.ops_run by name
with finished as (
    select * replace (
        case when run_id = $run_id then $status else status end as status,
        case when run_id = $run_id then $finished_at else finished_at end as finished_at
    )
    from ledger_rows
)
select
    finished.*,
    case when run_id = $run_id then $input_digest end as input_digest,
    statuses.label_zh as status_name,
    statuses.label_en as status_name_en,
    round(date_diff('second', started_at, finished_at) / 60.0, 1) as minutes,
    row_number() over (order by started_at desc, run_id desc) as run_rank
from finished
left join work.rules.code_label as statuses
    on statuses.code_list = 'run_status' and finished.status = statuses.code
"""


def finish_ops(
    connection: duckdb.DuckDBPyConnection, run: BuildRun, ledger: Ledger, finished_at: datetime, status: str
) -> None:
    """Bring in what the ledger learnt after the models ran: the marts' checks, and the run's own end.

    `connection` has the tables to publish in its schema `ops` and the build's work file attached as `work`.
    """
    tables = ops_tables(ledger, run.business_date)
    end = {
        "run_id": run.run_id,
        "status": status,
        "finished_at": finished_at,
        "input_digest": run.input_digest,
    }
    connection.register("meanings", pa.Table.from_pylist([each._asdict() for each in list_meanings()]))
    _refill(connection, "ops_check", tables["check"], _CHECKS.format(found=found_sql("rows")), {})
    connection.unregister("meanings")
    _refill(connection, "ops_run", tables["run"], _RUNS, end)


def _refill(
    connection: duckdb.DuckDBPyConnection, table: str, rows: object, sql: str, parameters: dict[str, object]
) -> None:
    connection.register("ledger_rows", rows)
    connection.execute(f"delete from ops.{table}")
    connection.execute(sql, parameters)
    connection.unregister("ledger_rows")
