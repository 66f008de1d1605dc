select
    institution_id,
    institution_name as name,
    institution_kind as kind,
    institution_level as level,
    is_recognized as recognized
from {{ ref('stg_academic__institution') }}
where not is_deleted
