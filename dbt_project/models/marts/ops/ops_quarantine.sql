-- What could not be read, from landing; and units that the build had to hang under the root.
select
    batch_id,
    source,
    entity,
    source_file,
    source_row,
    field,
    action,
    reason
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
    reparented_reason as reason
from {{ ref('int_unit_current') }}
where reparented_reason is not null
