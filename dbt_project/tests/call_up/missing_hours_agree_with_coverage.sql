-- Tests: hours and days missing on the list and those of mart_cadre_coverage make the five-year target
-- together (nothing is missing where it is met); systematic hours missing are there exactly where the
-- light is red.
-- Matters: the officer reads from the list how long a class has to be; too short a one leaves the light as
-- it is.
-- Resolve: compare policy_target in force with what int_call_up_candidate joins.
with

targets as (

    select rank_group, min_hours, min_days
    from {{ ref('policy_target') }}
    where target_window = 'rolling_5y' and counts = 'statutory' and {{ in_force_on(none, as_of()) }}

)

select
    candidates.cadre_key,
    candidates.missing_hours,
    candidates.missing_days,
    candidates.missing_systematic_hours,
    coverage.statutory_hours,
    coverage.statutory_days,
    coverage.systematic_hours
from {{ ref('mart_call_up_candidate') }} as candidates
inner join {{ ref('mart_cadre_coverage') }} as coverage on candidates.cadre_key = coverage.cadre_key
inner join targets on coverage.rank_group = targets.rank_group
where
    (
        not coverage.meets_five_year
        and (
            abs(candidates.missing_hours + coverage.statutory_hours - targets.min_hours) > 0.05
            or candidates.missing_days + coverage.statutory_days <> targets.min_days
        )
    )
    or (coverage.meets_five_year and candidates.missing_hours + candidates.missing_days > 0)
    or (coverage.light = 'red') <> (candidates.missing_systematic_hours > 0)
