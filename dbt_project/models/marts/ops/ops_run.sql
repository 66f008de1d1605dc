-- Runs so far; publishing fills in the end and the input digest of the run that it publishes.
select
    run_id,
    business_date,
    started_at,
    finished_at,
    status,
    rule_version,
    code_version,
    cast(null as varchar) as input_digest
from {{ ref('stg_ops__run') }}
