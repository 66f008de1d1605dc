-- Completed learning records whose study seconds are under the limit's share of the course's duration.
select
    records.cadre_key,
    records.activity_date as on_date,
    records.source_record_id as record_id,
    records.course_key,
    completed.study_seconds,
    courses.duration_seconds,
    {{ policy_value('too_fast_share') }} as limit_share
from {{ ref('int_training_record') }} as records
inner join {{ ref('stg_academy__records') }} as completed on records.source_record_id = completed.record_id
inner join {{ ref('stg_academy__courses') }} as courses on completed.course_id = courses.course_id
{{ join_policy_on('too_fast_share', 'records.activity_date') }}
where
    records.source = 'academy'
    and records.cadre_key is not null
    and records.completed_at is not null
    and courses.duration_seconds > 0
    -- exactly the share is not under it, whatever its binary fraction
    and completed.study_seconds < {{ policy_value('too_fast_share') }} * courses.duration_seconds - 0.000001
