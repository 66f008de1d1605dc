-- Tests: nobody is credited more online hours on one day than the daily cap of that day, and hours are cut
-- only on days that reach it.
-- Matters: the cap is what keeps a night of left-open videos from filling a year's target.
-- Resolve: list the day's rows in order of completion in int_online_recognised, with hours before each.
with

days as (

    select
        cadre_key,
        activity_date,
        sum(credited_hours) as credited_hours,
        sum(case when credit_status = 'over_daily_cap' then 1 else 0 end) as cut_rows
    from {{ ref('fct_training') }}
    where mode in ('online_class', 'online_elective', 'mobile') and cadre_key is not null
    group by cadre_key, activity_date

)

select days.*
from days
{{ join_policy_on('online_daily_cap_hours', 'days.activity_date') }}
where
    days.credited_hours > {{ policy_value('online_daily_cap_hours') }} + 0.000001
    or (
        days.cut_rows > 0
        and days.credited_hours < {{ policy_value('online_daily_cap_hours') }} - 0.000001
    )
