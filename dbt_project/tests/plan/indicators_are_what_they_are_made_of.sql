-- Tests: a value is its numerator / denominator, or its count; null exactly where there is nothing to divide
-- by; no share exceeds 1; the status follows from value, target and direction.
-- Matters: an evaluation report quotes numerator, denominator and value side by side; they must bear each
-- other out in front of anybody with a calculator.
-- Resolve: look at the two measures of the indicator (seed plan_indicator) in int_plan_measure: most likely
-- the numerator counts cases that the denominator leaves out.
with

recomputed as (

    select
        *,
        case
            when value_kind = 'count' then numerator
            when denominator > 0 then numerator / denominator
        end as expected_value
    from {{ ref('mart_plan_indicator') }}

)

select indicator_code, period, unit_code, breakdown, numerator, denominator, value, target, status
from recomputed
where
    numerator < 0
    or (value_kind = 'count' and denominator is not null)
    or (value_kind <> 'count' and (denominator is null or denominator < 0))
    or (value_kind = 'share' and numerator > denominator)
    or (value is null) <> (expected_value is null)
    or abs(value - expected_value) > 0.000001
    or (status = 'no_data') <> (value is null)
    or (status = 'no_target') <> (value is not null and target is null)
    or (
        status = 'met'
        and (
            (direction = 'lower' and value > target + 0.000001)
            or (direction <> 'lower' and value < target - 0.000001)
        )
    )
    or (
        status = 'behind'
        and (
            (direction = 'lower' and value <= target - 0.000001)
            or (direction <> 'lower' and value >= target + 0.000001)
        )
    )
