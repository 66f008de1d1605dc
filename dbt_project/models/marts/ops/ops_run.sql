-- Runs so far; publishing fills in the end of the run that it publishes, its input digest, and the words
-- (ganxun/steps/finish_ops.py).
select
    run_id,
    business_date,
    started_at,
    finished_at,
    status,
    cast(null as varchar) as status_name,
    cast(null as varchar) as status_name_en,
    cast(null as double) as minutes,
    cast(null as bigint) as run_rank,
    rule_version,
    code_version,
    cast(null as varchar) as input_digest
from {{ ref('stg_ops__run') }}
