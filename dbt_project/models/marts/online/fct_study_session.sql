select
    session_id,
    record_id,
    cadre_key,
    class_id,
    course_key,
    {{ local_date('started_at') }} as on_date,
    started_at,
    ended_at,
    seconds,
    interactions,
    batch_id,
    source_file,
    source_row
from {{ ref('int_study_session') }}
