-- Lessons that count: not deleted, and neither their class nor their course deleted or missing.
select
    lessons.lesson_id,
    lessons.class_id,
    lessons.course_id,
    lessons.teacher_id,
    lessons.lesson_date,
    lessons.start_time,
    lessons.end_time,
    lessons.hours
from {{ ref('stg_academic__lesson') }} as lessons
inner join {{ ref('stg_academic__training_class') }} as classes on lessons.class_id = classes.class_id
inner join {{ ref('stg_academic__course') }} as courses on lessons.course_id = courses.course_id
where not lessons.is_deleted and not classes.is_deleted and not courses.is_deleted
