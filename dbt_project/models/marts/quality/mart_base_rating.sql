select
    ratings.target,
    ratings.target as base_id,
    bases.base_name,
    bases.region_code,
    bases.base_theme,
    ratings.ratings,
    ratings.mean_score,
    ratings.overall_mean,
    ratings.adjusted_score,
    ratings.position,
    ratings.last_rated_on
from {{ ref('int_target_rating') }} as ratings
left join {{ ref('stg_academic__base') }} as bases on ratings.target = bases.base_id
where ratings.target_kind = 'base'
