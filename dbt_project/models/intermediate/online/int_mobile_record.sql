-- Ledger rows of the mobile app before recognition (rules.md, mobile).
with

activities as (

    select
        *,
        case
            when activity_id like '{{ var("academy_course_prefix") }}%'
                then substr(activity_id, length('{{ var("academy_course_prefix") }}') + 1)
        end as academy_course_id
    from {{ ref('int_mobile_completion') }}

),

joined as (

    select
        activities.*,
        courses.credit_hours,
        canonical.course_key,
        canonical.topic_code as course_topic_code,
        links.person_code,
        links.cadre_key
    from activities
    left join {{ ref('stg_academy__courses') }} as courses on activities.academy_course_id = courses.course_id
    left join {{ ref('int_course_source') }} as canonical
        on
            canonical.source
            = case when activities.academy_course_id is not null then 'academy' else 'mobile' end
            and canonical.source_course_id = coalesce(activities.academy_course_id, activities.activity_id)
    left join {{ ref('int_identity_link') }} as links
        on links.source = 'mobile' and activities.user_id = links.source_person_id
    -- a statement on a missing academy course is an orphan: ops_orphan lists it
    where activities.academy_course_id is null or courses.course_id is not null

)

select
    'mobile' as source,
    user_id || '/' || activity_id || '/' || cast(activity_year as varchar) as source_record_id,
    cast(null as varchar) as enrollment_id,
    person_code,
    cadre_key,
    'mobile' as mode,
    cast(null as varchar) as class_id,
    course_key,
    coalesce(course_topic_code, 'U00') as topic_code,
    activity_date,
    completed_at,
    round(coalesce(
        credit_hours, {{ cut_to_tenth('duration_seconds / ' ~ policy('seconds_per_credit_hour')) }}
    ), 1) as raw_hours,
    case
        when cadre_key is null then 'unresolved_person'
        when completed_at is null then 'not_completed'
        else 'credited'
    end as credit_status,
    false as is_statutory,
    score,
    'system' as evidence_grade,
    batch_id,
    source_file,
    source_row
from joined
