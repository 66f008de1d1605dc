-- Enrolments of academic and academy classes, one row each.
with

credited as (

    select enrollment_id, sum(credited_hours) as credited_hours
    from {{ ref('int_training_ledger') }}
    where enrollment_id is not null
    group by enrollment_id

),

-- An academy enrolment has no records of its own: those of its user on its class stand for it.
academy_credited as (

    select cadre_key, class_id, sum(credited_hours) as credited_hours
    from {{ ref('int_training_ledger') }}
    where mode = 'online_class' and cadre_key is not null
    group by cadre_key, class_id

)

select
    enrollments.enrollment_id,
    'academic' as source,
    links.person_code,
    links.cadre_key,
    enrollments.class_id,
    enrollments.theme_code,
    enrollments.mode,
    enrollments.is_statutory,
    enrollments.start_date,
    enrollments.end_date,
    enrollments.class_days,
    enrollments.class_status,
    enrollments.result,
    enrollments.score,
    case
        when hours.has_lessons
            then round(hours.lesson_hours - hours.leave_hours - hours.absent_hours, 1)
    end as attended_hours,
    case when hours.has_lessons then round(hours.leave_hours, 1) end as leave_hours,
    case when hours.has_lessons then round(hours.absent_hours, 1) end as absent_hours,
    round(coalesce(credited.credited_hours, 0), 1) as credited_hours,
    enrollments.evidence_grade
from {{ ref('int_academic_enrollment') }} as enrollments
inner join
    {{ ref('int_academic_enrollment_hours') }} as hours
    on enrollments.enrollment_id = hours.enrollment_id
left join {{ ref('int_identity_link') }} as links
    on enrollments.link_source = links.source and enrollments.source_person_id = links.source_person_id
left join credited on enrollments.enrollment_id = credited.enrollment_id

union all

select
    enrollments.enrollment_id,
    'academy' as source,
    links.person_code,
    links.cadre_key,
    enrollments.class_id,
    classes.theme_code,
    classes.mode,
    false as is_statutory,
    classes.start_date,
    classes.end_date,
    classes.class_days,
    classes.status as class_status,
    enrollments.result,
    cast(null as double) as score,
    cast(null as double) as attended_hours,
    cast(null as double) as leave_hours,
    cast(null as double) as absent_hours,
    -- a cadre enrolled twice in one class has its hours once, at the passed or first enrolment
    case
        when
            row_number() over (
                partition by links.cadre_key, enrollments.class_id
                order by case enrollments.result when 'passed' then 0 else 1 end, enrollments.enrollment_id
            ) = 1
            then round(coalesce(academy_credited.credited_hours, 0), 1)
        else 0
    end as credited_hours,
    'system' as evidence_grade
from {{ ref('stg_academy__enrollments') }} as enrollments
inner join {{ ref('int_training_class') }} as classes
    on classes.source = 'academy' and enrollments.class_id = classes.class_id
left join {{ ref('int_identity_link') }} as links
    on links.source = 'academy' and enrollments.user_id = links.source_person_id
left join academy_credited
    on links.cadre_key = academy_credited.cadre_key and enrollments.class_id = academy_credited.class_id
