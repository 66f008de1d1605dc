-- Ledger rows of the mobile app, whoever learnt (rules.md, mobile).
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
        canonical.source as course_source,
        canonical.source_course_id,
        canonical.course_key
    from activities
    left join {{ ref('stg_academy__courses') }} as courses on activities.academy_course_id = courses.course_id
    left join {{ ref('int_course_source') }} as canonical
        on
            canonical.source
            = case when activities.academy_course_id is not null then 'academy' else 'mobile' end
            and canonical.source_course_id = coalesce(activities.academy_course_id, activities.activity_id)
    -- a statement on a missing academy course is an orphan: ops_orphan lists it
    where activities.academy_course_id is null or courses.course_id is not null

)

select
    'mobile' as source,
    joined.user_id || '/' || joined.activity_id || '/' || cast(joined.activity_year as varchar)
        as source_record_id,
    cast(null as varchar) as enrollment_id,
    'mobile' as link_source,
    joined.user_id as source_person_id,
    'mobile' as mode,
    cast(null as varchar) as class_id,
    joined.course_key,
    coalesce(topics.topic_code, 'U00') as topic_code,
    joined.activity_date,
    joined.completed_at,
    round(coalesce(
        joined.credit_hours,
        {{ cut_to_tenth('joined.duration_seconds / ' ~ policy_value('seconds_per_credit_hour')) }}
    ), 1) as raw_hours,
    case
        when joined.completed_at is null then 'not_completed'
        else 'credited'
    end as credit_status,
    case
        when joined.completed_at is null then 'not_completed'
        when joined.credit_hours is not null then 'course_hours'
        else 'study_time'
    end as rule_code,
    false as is_statutory,
    joined.score,
    'system' as evidence_grade,
    joined.batch_id,
    joined.source_file,
    joined.source_row
from joined
left join {{ ref('int_course_topic') }} as topics
    on
        joined.course_source = topics.source
        and joined.source_course_id = topics.source_course_id
        and {{ in_force_on('topics', 'joined.activity_date') }}
{{ join_policy_on('seconds_per_credit_hour', 'joined.activity_date') }}
