-- Who the teacher is stands in the restricted warehouse; here only the kind.
with

lessons as (

    select
        lessons.teacher_id,
        count(distinct lessons.class_id) as classes,
        round(sum(lessons.hours), 1) as lesson_hours
    from {{ ref('int_academic_lesson') }} as lessons
    inner join {{ ref('dim_training_class') }} as classes
        on
            lessons.class_id = classes.class_id
            and classes.source = 'academic'
            and classes.evidence_grade = 'system'
    where classes.status = 'finished'
    group by lessons.teacher_id

)

select
    ratings.target,
    ratings.target as teacher_id,
    teachers.teacher_kind,
    coalesce(kinds.label_zh, '未知') as teacher_kind_name,
    coalesce(kinds.label_en, 'Unknown') as teacher_kind_name_en,
    teachers.left_on is null or teachers.left_on > {{ as_of() }} as is_serving,
    states.label_zh as serving_name,
    states.label_en as serving_name_en,
    coalesce(lessons.classes, 0) as classes,
    coalesce(lessons.lesson_hours, 0) as lesson_hours,
    ratings.ratings,
    ratings.mean_score,
    ratings.overall_mean,
    ratings.adjusted_score,
    ratings.position,
    ratings.last_rated_on
from {{ ref('int_target_rating') }} as ratings
left join {{ ref('stg_academic__teacher') }} as teachers on ratings.target = teachers.teacher_id
left join lessons on ratings.target = lessons.teacher_id
left join {{ ref('code_label') }} as kinds
    on kinds.code_list = 'teacher_kind' and teachers.teacher_kind = kinds.code
left join {{ ref('code_label') }} as states
    on
        states.code_list = 'teacher_state'
        and states.code = case when teachers.left_on <= {{ as_of() }} then 'left' else 'serving' end
where ratings.target_kind = 'teacher'
