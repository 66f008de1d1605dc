-- Without the name: a teacher is a person too. restricted.teacher_identity has it.
select
    teacher_id,
    teacher_kind as kind,
    teacher_title as title,
    unit_name,
    joined_on,
    left_on
from {{ ref('stg_academic__teacher') }}
where not is_deleted
