-- Tests: the rates of the plan indicators are those of mart_unit_coverage (units with all below), wherever
-- both have the day; and the topics' reach of the root is the benchmark of mart_unit_weak_spot.
-- Matters: the two are computed on different ways (month by month from what comes and goes, and afresh for
-- each date); leadership sees both, and two numbers for one thing cost the trust in either.
-- Resolve: take one unit and date that differ; compare int_plan_cadre_span with int_cadre_coverage cadre by
-- cadre (the usual cause: a rule that one of them reads and the other does not).
with

indicators as (

    select period_end, unit_code, indicator_code, value
    from {{ ref('mart_plan_indicator') }}
    where breakdown = 'all' and accumulation = 'at_period'

),

coverage as (

    {% for indicator, column in [
        ('participation_rate', 'participation_rate'),
        ('nominal_coverage', 'nominal_coverage'),
        ('effective_coverage', 'effective_coverage'),
        ('pass_rate', 'pass_rate'),
        ('annual_attainment', 'annual_attainment'),
        ('online_attainment', 'online_attainment'),
        ('hours_per_head_five_year', 'hours_per_head'),
    ] %}
    {{ 'union all' if not loop.first }}
    select as_of, unit_code, level, is_current, '{{ indicator }}' as indicator_code, {{ column }} as value
    from {{ ref('mart_unit_coverage') }}
    where scope = 'subtree'
    {% endfor %}

)

select
    coverage.as_of,
    coverage.unit_code,
    coverage.indicator_code,
    coverage.value,
    indicators.value as indicator
from coverage
left join indicators
    on
        coverage.as_of = indicators.period_end
        and coverage.unit_code = indicators.unit_code
        and coverage.indicator_code = indicators.indicator_code
where
    (coverage.is_current or coverage.level <= 2)
    and coverage.as_of >= cast({{ policy_text('plan_start') }} as date)
    and (
        indicators.unit_code is null
        or (coverage.value is null) <> (indicators.value is null)
        or abs(coverage.value - indicators.value) > 0.000001
    )

union all

select spots.as_of, spots.unit_code, spots.topic_code, spots.benchmark as value, reach.value as indicator
from {{ ref('mart_unit_weak_spot') }} as spots
inner join {{ ref('dim_unit') }} as units on spots.unit_code = units.unit_code and units.parent_code is null
left join {{ ref('mart_plan_indicator') }} as reach
    on
        reach.indicator_code = 'topic_reach'
        and reach.is_current
        and spots.unit_code = reach.unit_code
        and spots.topic_code = reach.breakdown
where reach.value is null or abs(spots.benchmark - reach.value) > 0.000001
