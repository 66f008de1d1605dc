-- Online study during a lesson that the cadre attended: classes that are running or finished, enrolments that
-- were not withdrawn, lessons without a mark of leave or absence (no mark means present).
with

lessons as (

    select
        lesson_id,
        class_id,
        lesson_date,
        {{ local_instant('lesson_date', 'start_time') }} as lesson_started_at,
        {{ local_instant('lesson_date', 'end_time') }} as lesson_ended_at
    from {{ ref('int_academic_lesson') }}

),

-- somebody may be enrolled twice in a class: the lesson is the same
attended as (

    select distinct
        enrollments.cadre_key,
        lessons.lesson_id,
        lessons.class_id,
        lessons.lesson_date,
        lessons.lesson_started_at,
        lessons.lesson_ended_at
    from {{ ref('int_enrollment') }} as enrollments
    inner join lessons on enrollments.class_id = lessons.class_id
    left join {{ ref('int_academic_attendance') }} as missed
        on enrollments.enrollment_id = missed.enrollment_id and lessons.lesson_id = missed.lesson_id
    where
        enrollments.source = 'academic'
        and enrollments.evidence_grade = 'system'
        and enrollments.cadre_key is not null
        and enrollments.class_status in ('running', 'finished')
        and enrollments.result <> 'withdrawn'
        and missed.enrollment_id is null

),

overlapping as (

    select
        sessions.cadre_key,
        sessions.on_date,
        sessions.session_id,
        sessions.record_id,
        sessions.course_key,
        attended.lesson_id,
        attended.class_id,
        greatest(sessions.started_at, attended.lesson_started_at) as overlap_started_at,
        least(sessions.ended_at, attended.lesson_ended_at) as overlap_ended_at
    from {{ ref('int_study_session_day') }} as sessions
    inner join attended on sessions.cadre_key = attended.cadre_key and sessions.on_date = attended.lesson_date
    -- a lesson without its times is compared with nothing
    where
        sessions.started_at < attended.lesson_ended_at
        and attended.lesson_started_at < sessions.ended_at

)

select
    overlapping.*,
    {{ seconds_between('overlapping.overlap_started_at', 'overlapping.overlap_ended_at') }} as overlap_seconds
from overlapping
{{ join_policy_on('during_class_seconds', 'overlapping.on_date') }}
where
    {{ seconds_between('overlapping.overlap_started_at', 'overlapping.overlap_ended_at') }}
    >= {{ policy_value('during_class_seconds') }}
