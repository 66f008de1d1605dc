{% set plan_start = "cast(" ~ policy_text('plan_start') ~ " as date)" -%}
{% set plan_end = "cast(" ~ policy_text('plan_end') ~ " as date)" -%}
-- Months of the Plan up to the business date, each with its last day (the business date in the running one),
-- its window, the cadre snapshot that holds on that day (rules.md, due population) and how much of the year
-- and of the Plan had gone by. Before the Plan's first month there is the running month only.
with

plan as (

    select {{ plan_start }} as plan_start, {{ plan_end }} as plan_end

),

months_of_plan as (

    select
        cast(
            greatest(
                12 * (extract(year from {{ as_of() }}) - extract(year from plan_start))
                + extract(month from {{ as_of() }}) - extract(month from plan_start) + 1,
                0
            ) as bigint
        ) as months
    from plan

),

days as (

    select {{ as_of() }} as period_end
    union
    select ends.month_end as period_end
    from ({{ month_ends(as_of(), '(select months from months_of_plan)') }}) as ends
    inner join plan on ends.month_end >= plan.plan_start

),

snapshots as (

    select distinct business_date from {{ ref('stg_cadre__person') }}

),

snapshot_of_day as (

    select
        days.period_end,
        coalesce(
            max(case when snapshots.business_date <= days.period_end then snapshots.business_date end),
            min(snapshots.business_date)
        ) as snapshot_date
    from days
    cross join snapshots
    group by days.period_end

),

dated as (

    select
        snapshot_of_day.period_end,
        snapshot_of_day.snapshot_date,
        {{ year_of('snapshot_of_day.period_end') }} as period_year,
        cast(cast({{ year_of('snapshot_of_day.period_end') }} as varchar) || '-01-01' as date) as year_start,
        plan.plan_start,
        plan.plan_end
    from snapshot_of_day
    cross join plan

)

select
    row_number() over (order by period_end) as period_no,
    -- one month, one row: the running month stands at the business date
    substr(cast(period_end as varchar), 1, 7) as period,
    period_end,
    period_end = {{ as_of() }} as is_current,
    period_year,
    year_start,
    {{ window_start('period_end') }} as window_start,
    snapshot_date,
    plan_start,
    plan_end,
    cast({{ days_between('year_start', 'period_end') }} + 1 as double)
    / {{ days_between('year_start', add_years('year_start', 1)) }} as year_share,
    cast(
        greatest({{ days_between('plan_start', 'least(period_end, plan_end)') }} + 1, 0) as double
    ) / ({{ days_between('plan_start', 'plan_end') }} + 1) as plan_share
from dated
