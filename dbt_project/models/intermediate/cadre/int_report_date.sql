-- Days for which coverage is computed: the business date, and the last days of the newest 24 months up to it;
-- each with its window, its year and the cadre snapshot that holds on it (the newest up to that day; where
-- there is none yet, the earliest: rules.md, due population).
with

days as (

    select {{ as_of() }} as report_date
    union
    select month_end as report_date from ({{ month_ends(as_of(), var('coverage_month_ends')) }}) as ends

),

snapshots as (

    select distinct business_date from {{ ref('stg_cadre__person') }}

)

select
    days.report_date,
    days.report_date = {{ as_of() }} as is_current,
    {{ window_start('days.report_date') }} as window_start,
    {{ year_of('days.report_date') }} as report_year,
    coalesce(
        max(case when snapshots.business_date <= days.report_date then snapshots.business_date end),
        min(snapshots.business_date)
    ) as snapshot_date
from days
cross join snapshots
group by days.report_date
