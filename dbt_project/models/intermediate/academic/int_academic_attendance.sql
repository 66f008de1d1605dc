-- One row per enrolment and lesson of its class where the enrolment was not simply present: leave or absent.
-- No row means present; of several marks of one lesson the newest counts. Marks of an enrolment that does not
-- count are here too: nobody joins them.
with

marks as (

    select
        attendance.enrollment_id,
        attendance.lesson_id,
        attendance.attendance_status,
        row_number() over (
            partition by attendance.enrollment_id, attendance.lesson_id
            order by attendance.updated_at desc, attendance.attendance_id desc
        ) as choice
    from {{ ref('stg_academic__attendance') }} as attendance
    where not attendance.is_deleted

)

select
    marks.enrollment_id,
    marks.lesson_id,
    lessons.class_id,
    lessons.course_id,
    marks.attendance_status,
    lessons.hours
from marks
inner join {{ ref('int_academic_lesson') }} as lessons on marks.lesson_id = lessons.lesson_id
inner join {{ ref('stg_academic__enrollment') }} as enrollments
    on marks.enrollment_id = enrollments.enrollment_id and lessons.class_id = enrollments.class_id
where marks.choice = 1 and marks.attendance_status in ('leave', 'absent')
