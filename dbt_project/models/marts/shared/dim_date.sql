-- The days that reports can fall on: up to the end of the year after the business date.
with

days as (

    select
        {{ each_day(
            "cast('" ~ var('calendar_start') ~ "' as date)",
            "cast((" ~ year_of(as_of()) ~ " + 1) || '-12-31' as date)"
        ) }} as date_day

),

numbered as (

    select
        date_day,
        {{ year_of('date_day') }} as year,
        cast(extract(quarter from date_day) as bigint) as quarter,
        cast(extract(month from date_day) as bigint) as month,
        -- 1 January 1900 was a Monday
        cast(mod({{ days_between("date '1900-01-01'", 'date_day') }}, 7) + 1 as bigint) as iso_weekday
    from days

)

select
    date_day,
    year,
    year || case when month <= 6 then 'H1' else 'H2' end as half_year,
    quarter,
    month,
    year || 'Q' || quarter as year_quarter,
    substr(cast(date_day as varchar), 1, 7) as year_month,
    iso_weekday,
    iso_weekday >= 6 as is_weekend,
    date_day >= cast({{ policy_text('plan_start') }} as date)
    and date_day <= cast({{ policy_text('plan_end') }} as date) as is_plan_period
from numbered
