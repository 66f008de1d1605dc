select
    base_id,
    base_name as name,
    region_code,
    base_theme as theme
from {{ ref('stg_academic__base') }}
where not is_deleted
