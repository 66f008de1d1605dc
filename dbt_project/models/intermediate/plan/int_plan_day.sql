-- In which months a day counts: from the first month that ends on or after it until the window, or the
-- calendar year, has moved past it. Worked out once per day, so that no record meets every month.
with

days as (

    select distinct activity_date from {{ ref('int_training_ledger') }}
    union
    select distinct end_date as activity_date from {{ ref('int_enrollment') }}
    union
    -- the day from which everybody is counted, learnt or not
    select min(period_end) as activity_date from {{ ref('int_plan_period') }}

)

select
    days.activity_date,
    min(case when periods.period_end >= days.activity_date then periods.period_no end) as enter_no,
    coalesce(
        min(case when periods.window_start > days.activity_date then periods.period_no end),
        max(periods.period_no) + 1
    ) as window_exit_no,
    coalesce(
        min(case when periods.year_start > days.activity_date then periods.period_no end),
        max(periods.period_no) + 1
    ) as year_exit_no,
    min(periods.plan_start) <= days.activity_date and max(periods.plan_end) >= days.activity_date
        as is_in_plan
from days
cross join {{ ref('int_plan_period') }} as periods
where days.activity_date is not null
group by days.activity_date
