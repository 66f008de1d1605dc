-- Tests: an adjusted score lies between the target's mean and the mean of its kind, and the places follow
-- the adjusted scores: 1, 2, 3 ... without a gap, never a better score behind a worse one.
-- Matters: a list that is out of order by one line praises the wrong teacher.
-- Resolve: recompute the target by docs/rules.md; look for two parameter rows of rating_prior_weight in
-- force.
with

ratings as (

    select 'course' as target_kind, target, mean_score, overall_mean, adjusted_score, position
    from {{ ref('mart_course_rating') }}
    union all
    select 'teacher' as target_kind, target, mean_score, overall_mean, adjusted_score, position
    from {{ ref('mart_teacher_rating') }}
    union all
    select 'staff' as target_kind, target, mean_score, overall_mean, adjusted_score, position
    from {{ ref('mart_staff_rating') }}
    union all
    select 'base' as target_kind, target, mean_score, overall_mean, adjusted_score, position
    from {{ ref('mart_base_rating') }}
    union all
    select 'training_class' as target_kind, target, mean_score, overall_mean, adjusted_score, position
    from {{ ref('mart_class_quality') }}

),

in_order as (

    select
        *,
        row_number() over (partition by target_kind order by position) as counted_position,
        lag(adjusted_score) over (partition by target_kind order by position) as score_before
    from ratings

)

select target_kind, target, mean_score, overall_mean, adjusted_score, position
from in_order
where
    adjusted_score < least(mean_score, overall_mean) - 0.000001
    or adjusted_score > greatest(mean_score, overall_mean) + 0.000001
    or position <> counted_position
    or adjusted_score > score_before + 0.000001
