-- Tests: every indicator of the seed has a row for the root in every month from the Plan's first to the
-- running one; its target, where one is named, is in policy_parameter or policy_target.
-- Matters: an indicator that drops out of the table leaves its blank in the report, and nobody is told.
-- Resolve: look at the indicator's row in the seed: a breakdown_list that is in no code list gives no rows, a
-- target_code that is nowhere gives no target.
with

plan as (

    select
        cast({{ policy_text('plan_start') }} as date) as plan_start,
        {{ as_of() }} as as_of_date

),

months as (

    select
        case
            when as_of_date < plan_start then 1
            else
                12 * (extract(year from as_of_date) - extract(year from plan_start))
                + extract(month from as_of_date) - extract(month from plan_start) + 1
        end as expected_months
    from plan

),

published as (

    select
        indicator_code,
        count(distinct period) as periods,
        max(case when is_current then 1 else 0 end) as has_current
    from {{ ref('mart_plan_indicator') }}
    where level = 1
    group by indicator_code

),

targets as (

    select name as target_code from {{ ref('policy_parameter') }}
    union
    select rank_group || '/' || target_window || '/' || counts as target_code from {{ ref('policy_target') }}

)

select
    indicators.indicator_code,
    months.expected_months,
    published.periods,
    indicators.target_code
from {{ ref('plan_indicator') }} as indicators
cross join months
left join published on indicators.indicator_code = published.indicator_code
left join targets on indicators.target_code = targets.target_code
where
    published.indicator_code is null
    or published.has_current = 0
    or published.periods <> months.expected_months
    or (indicators.target_code is not null and targets.target_code is null)
    or (indicators.target_code is null) <> (indicators.target_basis is null)
    or (indicators.value_kind = 'count') <> (indicators.denominator_measure is null)
