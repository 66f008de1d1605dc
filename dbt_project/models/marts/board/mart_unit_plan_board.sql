-- How far a unit has come with what the Plan asks for, beside the share of the Plan's time gone by, on the
-- same days as the coverage trend; a line's row is its share of the Plan's target, so that all lines compare.
with

periods as (

    select plan_periods.period_no, plan_periods.period, plan_periods.period_end, plan_periods.plan_share
    from {{ ref('int_plan_period') }} as plan_periods
    inner join {{ ref('int_report_date') }} as report on plan_periods.period_end = report.report_date

),

indicators as (

    select
        indicators.unit_code,
        indicators.unit_label,
        indicators.period_end,
        indicators.is_current,
        indicators.indicator_code as line,
        cast(indicators.numerator as bigint) as completed,
        cast(indicators.denominator as bigint) as due,
        indicators.value as completion,
        -- the month's target is the Plan's x the time gone by, so this is the share of the Plan's target
        {{ rate('indicators.value * periods.plan_share', 'indicators.target') }} as progress,
        periods.plan_share as schedule,
        indicators.status
    from {{ ref('mart_plan_indicator') }} as indicators
    inner join periods on indicators.period = periods.period
    where
        indicators.indicator_code in ('county_plus_completion', 'rotation_completion')
        and indicators.breakdown = 'all'

),

lines as (

    select * from indicators

    union all

    -- for every unit on every day: units below level 2 have indicators on the business date only
    select
        units.unit_code,
        units.unit_label,
        periods.period_end,
        units.as_of = periods.period_end as is_current,
        'schedule' as line,
        cast(null as bigint) as completed,
        cast(null as bigint) as due,
        cast(null as double) as completion,
        periods.plan_share as progress,
        periods.plan_share as schedule,
        cast(null as varchar) as status
    from {{ ref('mart_unit_coverage') }} as units
    cross join periods
    where units.is_current and units.scope = 'subtree' and units.due > 0

)

select
    lines.period_end as as_of,
    lines.is_current,
    lines.unit_code,
    lines.unit_label,
    lines.line,
    line_names.label_zh as line_name,
    line_names.label_en as line_name_en,
    line_names.sort_order as line_order,
    lines.completed,
    lines.due,
    lines.completion,
    lines.progress,
    lines.schedule,
    case when lines.line <> 'schedule' then lines.progress - lines.schedule end as lead,
    lines.status,
    paces.label_zh as pace,
    paces.label_en as pace_en
from lines
inner join {{ ref('code_label') }} as line_names
    on line_names.code_list = 'plan_line' and lines.line = line_names.code
left join {{ ref('code_label') }} as paces
    on paces.code_list = 'plan_pace' and lines.status = paces.code
