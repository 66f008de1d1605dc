-- Ledger rows of the online academy, whoever learnt: one per learning record (rules.md, online academy).
with

joined as (

    select
        records.record_id,
        records.user_id,
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
        courses.credit_hours,
        courses.requires_exam,
        canonical.course_key,
        classes.theme_kind,
        classes.theme_key,
        {{ local_date('coalesce(records.completed_at, records.last_at)') }} as activity_date
    from {{ ref('stg_academy__records') }} as records
    -- a record of a missing course or class is an orphan: ops_orphan lists it
    inner join {{ ref('stg_academy__courses') }} as courses on records.course_id = courses.course_id
    inner join {{ ref('int_course_source') }} as canonical
        on canonical.source = 'academy' and records.course_id = canonical.source_course_id
    left join {{ ref('int_training_class') }} as classes
        on classes.source = 'academy' and records.class_id = classes.class_id
    where records.class_id is null or classes.class_id is not null

)

select
    'academy' as source,
    joined.record_id as source_record_id,
    cast(null as varchar) as enrollment_id,
    'academy' as link_source,
    joined.user_id as source_person_id,
    case when joined.class_id is not null then 'online_class' else 'online_elective' end as mode,
    joined.class_id,
    joined.course_key,
    coalesce(course_topics.topic_code, themes.topic_code, 'U00') as topic_code,
    joined.activity_date,
    joined.completed_at,
    round(coalesce(
        joined.credit_hours,
        {{ cut_to_tenth('joined.study_seconds / ' ~ policy_value('seconds_per_credit_hour')) }}
    ), 1) as raw_hours,
    case
        when joined.completed_at is null then 'not_completed'
        when joined.requires_exam and not coalesce(joined.is_passed, false) then 'not_passed'
        else 'credited'
    end as credit_status,
    case
        when joined.completed_at is null then 'not_completed'
        when joined.requires_exam and not coalesce(joined.is_passed, false) then 'exam_not_passed'
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
left join {{ ref('int_course_topic') }} as course_topics
    on
        course_topics.source = 'academy'
        and joined.course_id = course_topics.source_course_id
        and {{ in_force_on('course_topics', 'joined.activity_date') }}
left join {{ ref('int_theme_topic_version') }} as themes
    on
        joined.theme_kind = themes.kind
        and joined.theme_key = themes.text_key
        and {{ in_force_on('themes', 'joined.activity_date') }}
{{ join_policy_on('seconds_per_credit_hour', 'joined.activity_date') }}
