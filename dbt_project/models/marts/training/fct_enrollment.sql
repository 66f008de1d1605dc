select
    enrollment_id,
    source,
    cadre_key,
    class_id,
    mode,
    is_statutory,
    start_date,
    end_date,
    class_days,
    result,
    score,
    attended_hours,
    leave_hours,
    absent_hours,
    credited_hours,
    evidence_grade
from {{ ref('int_enrollment') }}
