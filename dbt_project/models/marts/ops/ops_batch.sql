select
    batch_id,
    source,
    entity,
    business_date,
    source_file,
    sha256,
    bytes,
    rows_read,
    rows_loaded,
    rows_quarantined,
    rows_superseded,
    status,
    reason,
    landed_at
from {{ ref('stg_ops__batch') }}
