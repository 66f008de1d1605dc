-- Ledger rows of finished academic classes, whoever learnt: one per enrolment and course, or one per
-- enrolment where the class has no lessons (rules.md, off-job and part-time classes).
with

class_courses as (

    select class_id, course_id, sum(hours) as course_hours
    from {{ ref('int_academic_lesson') }}
    group by class_id, course_id

),

missed as (

    select enrollment_id, course_id, sum(hours) as missed_hours
    from {{ ref('int_academic_attendance') }}
    group by enrollment_id, course_id

),

finished as (

    select
        enrollments.*,
        hours.has_lessons,
        hours.is_excess_leave
    from {{ ref('int_academic_enrollment') }} as enrollments
    inner join
        {{ ref('int_academic_enrollment_hours') }} as hours
        on enrollments.enrollment_id = hours.enrollment_id
    where enrollments.class_status = 'finished'

),

by_course as (

    select
        finished.*,
        class_courses.course_id,
        class_courses.course_hours - coalesce(missed.missed_hours, 0) as raw_hours
    from finished
    inner join class_courses on finished.class_id = class_courses.class_id
    left join missed
        on finished.enrollment_id = missed.enrollment_id and class_courses.course_id = missed.course_id
    where finished.has_lessons

),

without_lessons as (

    select
        finished.*,
        cast(null as varchar) as course_id,
        finished.hours_without_lessons as raw_hours
    from finished
    where not finished.has_lessons

),

unioned as (

    select * from by_course
    union all
    select * from without_lessons

)

select
    'academic' as source,
    unioned.enrollment_id || coalesce('/' || unioned.course_id, '') as source_record_id,
    unioned.enrollment_id,
    unioned.link_source,
    unioned.source_person_id,
    unioned.mode,
    unioned.class_id,
    courses.course_key,
    coalesce(topics.topic_code, unioned.class_topic_code, 'U00') as topic_code,
    unioned.end_date as activity_date,
    cast(null as timestamptz) as completed_at,
    round(unioned.raw_hours, 1) as raw_hours,
    case
        when coalesce(unioned.result, '') <> 'passed' then 'not_passed'
        when unioned.is_excess_leave then 'excess_leave'
        else 'credited'
    end as credit_status,
    case
        when coalesce(unioned.result, '') <> 'passed' then 'class_not_passed'
        when unioned.is_excess_leave then 'excess_leave'
        when unioned.has_lessons then 'lesson_hours'
        else 'stated_hours'
    end as rule_code,
    unioned.is_statutory,
    unioned.score,
    unioned.evidence_grade,
    unioned.batch_id,
    unioned.source_file,
    unioned.source_row
from unioned
left join {{ ref('int_course_source') }} as courses
    on courses.source = 'academic' and unioned.course_id = courses.source_course_id
left join {{ ref('int_course_topic') }} as topics
    on
        topics.source = 'academic'
        and unioned.course_id = topics.source_course_id
        and {{ in_force_on('topics', 'unioned.end_date') }}
