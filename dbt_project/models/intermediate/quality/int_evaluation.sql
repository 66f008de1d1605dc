-- Every rating that counts: of academic students, of academy users, and the `rated` statements of the mobile
-- app (a course is rated in all three sources; the other targets in the academic-affairs system only).
with

-- what the academic-affairs system rates; deleted targets take their ratings with them
targets as (

    select 'course' as target_kind, source_course_id as target_id, course_key, false as is_deleted
    from {{ ref('int_course_source') }}
    where source = 'academic'

    union all

    select 'training_class' as target_kind, class_id as target_id, null as course_key, false as is_deleted
    from {{ ref('int_training_class') }}
    where source = 'academic' and evidence_grade = 'system'

    union all

    select 'teacher' as target_kind, teacher_id as target_id, null as course_key, is_deleted
    from {{ ref('stg_academic__teacher') }}

    union all

    select 'staff' as target_kind, staff_id as target_id, null as course_key, is_deleted
    from {{ ref('stg_academic__staff') }}

    union all

    select 'base' as target_kind, base_id as target_id, null as course_key, is_deleted
    from {{ ref('stg_academic__base') }}

),

academic as (

    select
        evaluations.evaluation_id,
        'academic' as source,
        evaluations.target_kind,
        evaluations.target_id,
        targets.course_key,
        evaluations.enrollment_id,
        enrollments.class_id,
        evaluations.score,
        evaluations.rated_at
    from {{ ref('stg_academic__evaluation') }} as evaluations
    -- the rating of a missing or deleted enrolment does not count (rules.md, unresolved cadre)
    inner join
        {{ ref('int_academic_enrollment') }} as enrollments
        on evaluations.enrollment_id = enrollments.enrollment_id
    left join targets
        on evaluations.target_kind = targets.target_kind and evaluations.target_id = targets.target_id
    where
        not evaluations.is_deleted
        and not coalesce(targets.is_deleted, false)
        -- nor does that of a missing course or class; a teacher, staff member or base without a row of its
        -- own was rated all the same
        and (targets.target_id is not null or evaluations.target_kind in ('teacher', 'staff', 'base'))

),

academy as (

    select
        ratings.rating_id as evaluation_id,
        'academy' as source,
        'course' as target_kind,
        ratings.course_id as target_id,
        courses.course_key,
        cast(null as varchar) as enrollment_id,
        cast(null as varchar) as class_id,
        ratings.score,
        -- the academy does not say when a course was rated: the version's instant is the nearest there is
        ratings.updated_at as rated_at
    from {{ ref('stg_academy__ratings') }} as ratings
    inner join {{ ref('int_course_source') }} as courses
        on courses.source = 'academy' and ratings.course_id = courses.source_course_id

),

rated_statements as (

    select
        *,
        case
            when activity_id like '{{ var("academy_course_prefix") }}%'
                then substr(activity_id, length('{{ var("academy_course_prefix") }}') + 1)
        end as academy_course_id
    from {{ ref('int_mobile_statement') }}
    where
        verb = 'rated'
        -- result.score of other verbs goes to 100: what is off the scale is no rating
        and score_raw >= {{ policy('rating_scale_lowest') }}
        and score_raw <= {{ policy('rating_scale_highest') }}

),

mobile as (

    select
        statements.statement_id as evaluation_id,
        'mobile' as source,
        'course' as target_kind,
        statements.activity_id as target_id,
        courses.course_key,
        cast(null as varchar) as enrollment_id,
        cast(null as varchar) as class_id,
        statements.score_raw as score,
        statements.occurred_at as rated_at
    from rated_statements as statements
    inner join {{ ref('int_course_source') }} as courses
        on
            courses.source
            = case when statements.academy_course_id is not null then 'academy' else 'mobile' end
            and courses.source_course_id = coalesce(statements.academy_course_id, statements.activity_id)

)

select * from academic
union all
select * from academy
union all
select * from mobile
