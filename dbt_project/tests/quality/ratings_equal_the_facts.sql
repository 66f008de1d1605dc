-- Tests: each rating table has as many ratings of each target, with the same mean, as fct_evaluation has.
-- Matters: the lists of courses, teachers and staff are shown to those they are about; they recount.
-- Resolve: count the target's rows in fct_evaluation; courses are grouped by course_key, the rest by
-- target_id.
with

facts as (

    select
        target_kind,
        case when target_kind = 'course' then course_key else target_id end as target,
        count(*) as ratings,
        avg(score) as mean_score
    from {{ ref('fct_evaluation') }}
    group by target_kind, case when target_kind = 'course' then course_key else target_id end

),

marts as (

    select 'course' as target_kind, course_key as target, ratings, mean_score
    from {{ ref('mart_course_rating') }}
    union all
    select 'teacher' as target_kind, teacher_id as target, ratings, mean_score
    from {{ ref('mart_teacher_rating') }}
    union all
    select 'staff' as target_kind, staff_id as target, ratings, mean_score
    from {{ ref('mart_staff_rating') }}
    union all
    select 'base' as target_kind, base_id as target, ratings, mean_score
    from {{ ref('mart_base_rating') }}
    union all
    select 'training_class' as target_kind, class_id as target, ratings, mean_score
    from {{ ref('mart_class_quality') }}

)

select
    coalesce(facts.target_kind, marts.target_kind) as target_kind,
    coalesce(facts.target, marts.target) as target,
    facts.ratings as ratings_of_facts,
    marts.ratings as ratings_of_mart
from facts
full outer join marts on facts.target_kind = marts.target_kind and facts.target = marts.target
where
    facts.target is null
    or marts.target is null
    or facts.ratings <> marts.ratings
    or abs(facts.mean_score - marts.mean_score) > 0.000001

union all

-- the sources of a course's ratings make up all of them
select
    'course' as target_kind,
    course_key as target,
    academic_ratings + academy_ratings + mobile_ratings as ratings_of_facts,
    ratings as ratings_of_mart
from {{ ref('mart_course_rating') }}
where academic_ratings + academy_ratings + mobile_ratings <> ratings
