-- Lesson, leave and absent hours of each academic enrolment, and whether they mean withdrawal (over 1/7 of
-- the class's lesson hours; exactly 1/7 passes: 条例 article 15). The limit is that of the day on which the
-- class ended.
with

class_hours as (

    select class_id, sum(hours) as lesson_hours
    from {{ ref('int_academic_lesson') }}
    group by class_id

),

missed as (

    select
        enrollment_id,
        sum(case when attendance_status = 'leave' then hours else 0 end) as leave_hours,
        sum(case when attendance_status = 'absent' then hours else 0 end) as absent_hours
    from {{ ref('int_academic_attendance') }}
    group by enrollment_id

)

select
    enrollments.enrollment_id,
    class_hours.lesson_hours is not null as has_lessons,
    class_hours.lesson_hours,
    coalesce(missed.leave_hours, 0) as leave_hours,
    coalesce(missed.absent_hours, 0) as absent_hours,
    coalesce(missed.leave_hours + missed.absent_hours, 0)
    > {{ policy_value('absence_limit') }} * coalesce(class_hours.lesson_hours, 0) + 0.000001
        as is_excess_leave
from {{ ref('int_academic_enrollment') }} as enrollments
left join class_hours
    on enrollments.class_id = class_hours.class_id and enrollments.evidence_grade = 'system'
left join missed on enrollments.enrollment_id = missed.enrollment_id
{{ join_policy_on('absence_limit', 'enrollments.end_date') }}
