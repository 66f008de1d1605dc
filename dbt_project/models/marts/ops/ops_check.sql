-- Results of expectations so far; publishing brings in those of the marts themselves, and the words
-- (ganxun/steps/finish_ops.py).
select
    run_id,
    stage,
    cast(null as varchar) as stage_name,
    cast(null as varchar) as stage_name_en,
    suite,
    table_name,
    cast(null as varchar) as table_label,
    cast(null as varchar) as table_label_en,
    expectation,
    column_name,
    severity,
    cast(null as varchar) as severity_name,
    cast(null as varchar) as severity_name_en,
    cast(null as bigint) as severity_order,
    success,
    cast(null as boolean) as is_newest,
    cast(null as bigint) as failed,
    cast(null as bigint) as passed,
    observed,
    unexpected_count,
    message,
    checked_at
from {{ ref('stg_ops__check') }}
