-- title_zh: 落后于进度的规划指标
-- title_en: Plan indicators behind schedule
-- question_zh: 规划指标中哪些落后于进度或未达目标，从哪个月起，有多少单位落后？
-- question_en: Which Plan indicators are behind, since which month, and in how many units?
-- watch_zh: 全市一行（level 1）；behind_units 是二级单位数。目标随时间线性推进的指标，看的是本期应达到的值。
-- watch_en: The root unit's row (level 1); behind_units counts units of level 2. Where a target grows with
--   the Plan's time, `target` is what should have been reached by this period.
-- empty: No indicator of the root unit is behind.
with months as (
    select
        indicator_code,
        unit_code,
        breakdown_list,
        breakdown,
        period,
        status,
        max(case when status <> 'behind' then period end)
            over (partition by indicator_code, unit_code, breakdown_list, breakdown)
            as last_not_behind
    from mart_plan_indicator
),

since as (
    select
        indicator_code,
        unit_code,
        breakdown_list,
        breakdown,
        min(period) as behind_since
    from months
    where last_not_behind is null or period > last_not_behind
    group by indicator_code, unit_code, breakdown_list, breakdown
),

units as (
    select
        indicator_code,
        breakdown_list,
        breakdown,
        count(*) as behind_units
    from mart_plan_indicator
    where is_current and level = 2 and status = 'behind'
    group by indicator_code, breakdown_list, breakdown
)

select
    indicator.name as indicator_name,
    indicator.breakdown_name,
    indicator.numerator,
    indicator.denominator,
    round(indicator.value, 4) as value,
    round(indicator.target, 4) as target,
    indicator.unit_of_measure_name,
    since.behind_since,
    coalesce(units.behind_units, 0) as behind_units,
    indicator.citation
from mart_plan_indicator as indicator
inner join since
    on
        indicator.indicator_code = since.indicator_code
        and indicator.unit_code = since.unit_code
        and indicator.breakdown_list = since.breakdown_list
        and indicator.breakdown = since.breakdown
left join units
    on
        indicator.indicator_code = units.indicator_code
        and indicator.breakdown_list = units.breakdown_list
        and indicator.breakdown = units.breakdown
where indicator.is_current and indicator.level = 1 and indicator.status = 'behind'
order by indicator.indicator_order, indicator.breakdown_order
