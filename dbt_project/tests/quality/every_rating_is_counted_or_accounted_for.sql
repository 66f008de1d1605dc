-- Tests: each rating of the sources is in fct_evaluation, or it is deleted, or its parent is deleted or
-- missing, or (mobile) it has no score on the scale; and nothing else is in the facts.
-- Matters: a rating lost on the way moves a teacher's place in a list that decides on contracts.
-- Resolve: take the source and id, and look at the joins of int_evaluation in order.
with

facts as (

    select source, evaluation_id from {{ ref('fct_evaluation') }}

),

expected as (

    select 'academic' as source, evaluations.evaluation_id
    from {{ ref('stg_academic__evaluation') }} as evaluations
    inner join {{ ref('stg_academic__enrollment') }} as enrollments
        on evaluations.enrollment_id = enrollments.enrollment_id
    inner join {{ ref('stg_academic__training_class') }} as classes
        on enrollments.class_id = classes.class_id
    left join {{ ref('stg_academic__student') }} as students on enrollments.student_id = students.student_id
    left join {{ ref('stg_academic__course') }} as courses
        on evaluations.target_kind = 'course' and evaluations.target_id = courses.course_id
    left join {{ ref('stg_academic__training_class') }} as rated_classes
        on evaluations.target_kind = 'training_class' and evaluations.target_id = rated_classes.class_id
    left join {{ ref('stg_academic__teacher') }} as teachers
        on evaluations.target_kind = 'teacher' and evaluations.target_id = teachers.teacher_id
    left join {{ ref('stg_academic__staff') }} as staff
        on evaluations.target_kind = 'staff' and evaluations.target_id = staff.staff_id
    left join {{ ref('stg_academic__base') }} as bases
        on evaluations.target_kind = 'base' and evaluations.target_id = bases.base_id
    where
        not evaluations.is_deleted
        and not enrollments.is_deleted
        and not classes.is_deleted
        and not coalesce(students.is_deleted, false)
        and not coalesce(
            courses.is_deleted,
            rated_classes.is_deleted,
            teachers.is_deleted,
            staff.is_deleted,
            bases.is_deleted,
            evaluations.target_kind in ('course', 'training_class')
        )

    union all

    select 'academy' as source, ratings.rating_id as evaluation_id
    from {{ ref('stg_academy__ratings') }} as ratings
    inner join {{ ref('stg_academy__courses') }} as courses on ratings.course_id = courses.course_id

    union all

    select 'mobile' as source, statements.statement_id as evaluation_id
    from {{ ref('int_mobile_statement') }} as statements
    left join {{ ref('stg_academy__courses') }} as courses
        on statements.activity_id = '{{ var("academy_course_prefix") }}' || courses.course_id
    where
        statements.verb = 'rated'
        and statements.score_raw >= {{ policy('rating_scale_lowest') }}
        and statements.score_raw <= {{ policy('rating_scale_highest') }}
        and (
            courses.course_id is not null
            or statements.activity_id not like '{{ var("academy_course_prefix") }}%'
        )

)

select
    coalesce(expected.source, facts.source) as source,
    coalesce(expected.evaluation_id, facts.evaluation_id) as evaluation_id,
    facts.evaluation_id is not null as is_in_the_facts
from expected
full outer join facts
    on expected.source = facts.source and expected.evaluation_id = facts.evaluation_id
where expected.evaluation_id is null or facts.evaluation_id is null
