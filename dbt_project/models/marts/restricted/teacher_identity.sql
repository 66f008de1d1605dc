select
    teacher_id,
    teacher_name as name,
    unit_name
from {{ ref('stg_academic__teacher') }}
where not is_deleted
