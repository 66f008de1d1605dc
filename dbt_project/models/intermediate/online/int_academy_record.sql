-- Ledger rows of the online academy before recognition: one per learning record (rules.md, online academy).
with

joined as (

    select
        records.record_id,
        records.class_id,
        records.course_id,
        records.last_at,
        records.completed_at,
        records.study_seconds,
        records.score,
        records.is_passed,
        records.batch_id,
        records.source_file,
        records.source_row,
        links.person_code,
        links.cadre_key,
        courses.credit_hours,
        courses.requires_exam,
        canonical.course_key,
        canonical.topic_code as course_topic_code,
        classes.topic_code as class_topic_code
    from {{ ref('stg_academy__records') }} as records
    -- a record of a missing course or class is an orphan: ops_orphan lists it
    inner join {{ ref('stg_academy__courses') }} as courses on records.course_id = courses.course_id
    inner join {{ ref('int_course_source') }} as canonical
        on canonical.source = 'academy' and records.course_id = canonical.source_course_id
    left join {{ ref('int_training_class') }} as classes
        on classes.source = 'academy' and records.class_id = classes.class_id
    left join {{ ref('int_identity_link') }} as links
        on links.source = 'academy' and records.user_id = links.source_person_id
    where records.class_id is null or classes.class_id is not null

)

select
    'academy' as source,
    record_id as source_record_id,
    cast(null as varchar) as enrollment_id,
    person_code,
    cadre_key,
    case when class_id is not null then 'online_class' else 'online_elective' end as mode,
    class_id,
    course_key,
    coalesce(course_topic_code, class_topic_code, 'U00') as topic_code,
    {{ local_date('coalesce(completed_at, last_at)') }} as activity_date,
    completed_at,
    round(coalesce(
        credit_hours, {{ cut_to_tenth('study_seconds / ' ~ policy('seconds_per_credit_hour')) }}
    ), 1) as raw_hours,
    case
        when cadre_key is null then 'unresolved_person'
        when completed_at is null then 'not_completed'
        when requires_exam and not coalesce(is_passed, false) then 'not_passed'
        else 'credited'
    end as credit_status,
    false as is_statutory,
    score,
    'system' as evidence_grade,
    batch_id,
    source_file,
    source_row
from joined
