{% set all = "'all'" -%}
{% set method = "coalesce(method, 'unknown')" -%}
-- Lessons, day by day, as the indicators count them: hours by method, the make-up of main classes, leaders'
-- lectures, attendance, and the bases that classes went to. Lessons of cancelled classes were not given.
with

lessons as (

    select
        lessons.lesson_id,
        lessons.class_id,
        lessons.lesson_date,
        lessons.hours,
        lessons.teacher_id,
        courses.method,
        teachers.teacher_kind,
        coalesce(classes.is_main_class, false) as is_main_class,
        coalesce(topics.group_code, 'unclassified') as group_code
    from {{ ref('int_academic_lesson') }} as lessons
    inner join {{ ref('int_training_class') }} as classes
        on
            classes.source = 'academic'
            and classes.evidence_grade = 'system'
            and lessons.class_id = classes.class_id
            and coalesce(classes.status, '') <> 'cancelled'
    inner join {{ ref('stg_academic__course') }} as courses on lessons.course_id = courses.course_id
    left join {{ ref('stg_academic__teacher') }} as teachers
        on lessons.teacher_id = teachers.teacher_id and not teachers.is_deleted
    -- the topic by the maps of the class's last day, as in the credit ledger
    left join {{ ref('int_course_topic') }} as course_topics
        on
            course_topics.source = 'academic'
            and lessons.course_id = course_topics.source_course_id
            and {{ in_force_on('course_topics', 'classes.end_date') }}
    left join {{ ref('int_theme_topic_version') }} as theme_topics
        on
            theme_topics.kind = 'theme'
            and classes.theme_code = theme_topics.text_key
            and {{ in_force_on('theme_topics', 'classes.end_date') }}
    left join {{ ref('topic') }} as topics
        on coalesce(course_topics.topic_code, theme_topics.topic_code) = topics.topic_code

),

leaders as (

    -- once a year each: counted in the year to date only
    select
        lesson_date,
        row_number()
            over (partition by teacher_id, {{ year_of('lesson_date') }} order by lesson_date, lesson_id)
            as lesson_no
    from lessons
    where teacher_kind = 'leader'

),

marks as (

    select
        attendance.attendance_status,
        lessons.lesson_date,
        row_number() over (
            partition by attendance.enrollment_id, attendance.lesson_id
            order by attendance.updated_at desc, attendance.attendance_id desc
        ) as choice
    from {{ ref('stg_academic__attendance') }} as attendance
    inner join lessons on attendance.lesson_id = lessons.lesson_id
    inner join {{ ref('int_academic_enrollment') }} as members
        on attendance.enrollment_id = members.enrollment_id and lessons.class_id = members.class_id
    where not attendance.is_deleted

),

bases as (

    -- once a year each: counted in the year to date only
    select
        base_id,
        start_date,
        row_number()
            over (partition by base_id, {{ year_of('start_date') }} order by start_date, class_id)
            as use_no
    from {{ ref('stg_academic__training_class') }}
    where base_id is not null and not is_deleted and coalesce(status, '') <> 'cancelled'

),

{{ sum_plan_events([
    ('lessons', "'course_method'", method, 'lesson_date', '1', 'lessons', 'true'),
    ('lesson_hours', "'course_method'", method, 'lesson_date', 'hours', 'lessons', 'true'),
    ('lesson_hours_of_known_method', all, all, 'lesson_date', 'hours', 'lessons', 'method is not null'),
    ('interactive_hours', all, all, 'lesson_date', 'hours', 'lessons', "method <> 'lecture'"),
    ('main_class_hours', all, all, 'lesson_date', 'hours', 'lessons', 'is_main_class'),
    ('main_class_hours', "'topic_group'", 'group_code', 'lesson_date', 'hours', 'lessons', 'is_main_class'),
    ('main_class_hours', "'course_method'", method, 'lesson_date', 'hours', 'lessons', 'is_main_class'),
    ('main_class_theory_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and group_code = 'theory'"),
    ('main_class_party_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and group_code = 'party'"),
    ('main_class_theory_party_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and group_code in ('theory', 'party')"),
    ('main_class_leader_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and teacher_kind = 'leader'"),
    ('leader_lessons', all, all, 'lesson_date', '1', 'lessons', "teacher_kind = 'leader'"),
    ('leaders_lecturing', all, all, 'lesson_date', '1', 'leaders', 'lesson_no = 1'),
    ('bases_used', all, all, 'start_date', '1', 'bases', 'use_no = 1'),
    ('attendance_violations', "'attendance_violation'", 'attendance_status', 'lesson_date', '1', 'marks',
        "choice = 1 and attendance_status in ('late', 'absent')"),
]) }}
