-- The classes of each cadre, academic and online, with their outcome in words.
with

enrollments as (

    select
        enrollments.*,
        case
            when enrollments.class_status = 'cancelled' then 'cancelled'
            when enrollments.result = 'passed' and hours.is_excess_leave then 'excess_leave'
            when enrollments.result <> 'enrolled' then enrollments.result
            when enrollments.start_date > {{ as_of() }} then 'planned'
            when enrollments.end_date >= {{ as_of() }} then 'running'
            else 'enrolled'
        end as outcome
    from {{ ref('int_enrollment') }} as enrollments
    left join {{ ref('int_academic_enrollment_hours') }} as hours
        on enrollments.source = 'academic' and enrollments.enrollment_id = hours.enrollment_id

)

select
    {{ as_of() }} as as_of,
    enrollments.cadre_key,
    people.cadre_label,
    people.unit_code,
    people.serving_unit,
    enrollments.source,
    enrollments.enrollment_id,
    enrollments.class_id,
    classes.class_name,
    enrollments.mode,
    modes.label_zh as mode_name,
    modes.label_en as mode_name_en,
    institutions.institution_name,
    topics.topic_name,
    topics.topic_name_en,
    enrollments.start_date,
    enrollments.end_date,
    enrollments.class_days,
    enrollments.outcome,
    outcomes.label_zh as outcome_name,
    outcomes.label_en as outcome_name_en,
    enrollments.score,
    enrollments.credited_hours,
    enrollments.is_statutory
from enrollments
inner join {{ ref('cadre_identity') }} as people on enrollments.cadre_key = people.cadre_key
inner join {{ ref('int_training_class') }} as classes
    on
        enrollments.source = classes.source
        and enrollments.class_id = classes.class_id
        and enrollments.evidence_grade = classes.evidence_grade
left join {{ ref('topic') }} as topics on classes.topic_code = topics.topic_code
left join {{ ref('stg_academic__institution') }} as institutions
    on classes.institution_id = institutions.institution_id and not institutions.is_deleted
left join {{ ref('code_label') }} as modes on modes.code_list = 'mode' and enrollments.mode = modes.code
left join {{ ref('code_label') }} as outcomes
    on outcomes.code_list = 'class_outcome' and enrollments.outcome = outcomes.code
