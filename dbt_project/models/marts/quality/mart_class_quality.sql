-- Ratings of a class itself, and beside them what its students said of its courses, teachers, staff and base.
with

enrollments as (

    select class_id, count(*) as enrollments
    from {{ ref('int_academic_enrollment') }}
    where evidence_grade = 'system'
    group by class_id

),

students_ratings as (

    select
        class_id,
        count(distinct case when target_kind = 'training_class' then enrollment_id end) as raters,
        avg(case when target_kind = 'course' then score end) as course_mean_score,
        avg(case when target_kind = 'teacher' then score end) as teacher_mean_score,
        avg(case when target_kind = 'staff' then score end) as staff_mean_score,
        avg(case when target_kind = 'base' then score end) as base_mean_score
    from {{ ref('int_evaluation') }}
    where source = 'academic'
    group by class_id

)

select
    ratings.target,
    ratings.target as class_id,
    classes.class_name,
    classes.class_type,
    classes.mode,
    classes.institution_id,
    classes.organizer_unit_code,
    classes.topic_code,
    topics.topic_name,
    classes.is_main_class,
    classes.start_date,
    classes.end_date,
    coalesce(enrollments.enrollments, 0) as enrollments,
    coalesce(students_ratings.raters, 0) as raters,
    {{ rate('coalesce(students_ratings.raters, 0)', 'enrollments.enrollments') }} as response_rate,
    ratings.ratings,
    ratings.mean_score,
    ratings.overall_mean,
    ratings.adjusted_score,
    ratings.position,
    students_ratings.course_mean_score,
    students_ratings.teacher_mean_score,
    students_ratings.staff_mean_score,
    students_ratings.base_mean_score,
    ratings.last_rated_on
from {{ ref('int_target_rating') }} as ratings
left join {{ ref('dim_training_class') }} as classes
    on
        ratings.target = classes.class_id
        and classes.source = 'academic'
        and classes.evidence_grade = 'system'
left join {{ ref('dim_topic') }} as topics on classes.topic_code = topics.topic_code
left join enrollments on ratings.target = enrollments.class_id
left join students_ratings on ratings.target = students_ratings.class_id
where ratings.target_kind = 'training_class'
