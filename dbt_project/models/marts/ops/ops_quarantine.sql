-- What could not be read, from landing, with what people decided about it; and units that the build had to
-- hang under the root.
select
    batch_id,
    source,
    entity,
    source_file,
    source_row,
    field,
    action,
    reason,
    decided_on
from {{ ref('stg_ops__quarantine') }}

union all

select
    batch_id,
    'cadre' as source,
    'unit' as entity,
    source_file,
    source_row,
    'b0121' as field,
    'reparented' as action,
    reparented_reason as reason,
    cast(null as date) as decided_on
from {{ ref('int_unit_current') }}
where reparented_reason is not null
