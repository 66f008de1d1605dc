-- The whole credit ledger: every learning record of every source, credited or not.
select
    source,
    source_record_id,
    enrollment_id,
    person_code,
    cadre_key,
    mode,
    class_id,
    course_key,
    topic_code,
    activity_date,
    completed_at,
    raw_hours,
    case when credit_status = 'credited' then raw_hours else 0 end as credited_hours,
    credit_status,
    rule_code,
    is_statutory,
    score,
    evidence_grade,
    batch_id,
    source_file,
    source_row
from {{ ref('int_training_record') }}
where source = 'academic'

union all

select * from {{ ref('int_online_recognised') }}
