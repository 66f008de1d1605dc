-- Ratings of each target, drawn towards the mean of all ratings of its kind as if that mean had been given
-- rating_prior_weight times: one enthusiast does not lead the list.
with

ratings as (

    select
        target_kind,
        case when target_kind = 'course' then course_key else target_id end as target,
        source,
        score,
        rated_at
    from {{ ref('int_evaluation') }}

),

overall as (

    select target_kind, {{ rate('sum(score)', 'count(*)') }} as overall_mean
    from ratings
    group by target_kind

),

targets as (

    select
        target_kind,
        target,
        count(*) as ratings,
        count(case when source = 'academic' then 1 end) as academic_ratings,
        count(case when source = 'academy' then 1 end) as academy_ratings,
        count(case when source = 'mobile' then 1 end) as mobile_ratings,
        sum(score) as score_sum,
        {{ local_date('max(rated_at)') }} as last_rated_on
    from ratings
    group by target_kind, target

),

adjusted as (

    select
        targets.*,
        overall.overall_mean,
        {{ rate('targets.score_sum', 'targets.ratings') }} as mean_score,
        (targets.score_sum + {{ policy('rating_prior_weight') }} * overall.overall_mean)
        / (targets.ratings + {{ policy('rating_prior_weight') }}) as adjusted_score
    from targets
    inner join overall on targets.target_kind = overall.target_kind

)

select
    target_kind,
    target,
    ratings,
    academic_ratings,
    academy_ratings,
    mobile_ratings,
    mean_score,
    overall_mean,
    adjusted_score,
    -- rounded: equal scores must not be told apart by their last binary digit
    row_number() over (
        partition by target_kind
        order by round(adjusted_score, 9) desc, target
    ) as position,
    last_rated_on
from adjusted
