-- Hours that the schedule expects of each due cadre by the business date: days of the window on which the
-- cadre held a rank x annual target of that day's rank group / 365 (rules.md, progress against schedule).
with

targets as (

    select rank_group, min_hours
    from {{ ref('policy_target') }}
    where
        target_window = 'calendar_year'
        and counts = 'statutory'
        and valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ as_of() }})

),

report as (

    select * from {{ ref('int_report_date') }} where is_current

),

due as (

    select person_code, cadre_key, rank_group, rank_date
    from {{ ref('int_cadre_current') }}
    where is_due

),

stretches as (

    -- before the date of rank: the posts' ranks
    select
        due.cadre_key,
        spans.rank_group,
        greatest(spans.valid_from, report.window_start) as from_date,
        least(
            coalesce(spans.valid_to, date '9999-12-31'),
            coalesce(due.rank_date, date '9999-12-31'),
            report.report_date + 1
        ) as to_date
    from due
    cross join report
    inner join {{ ref('int_cadre_post_span') }} as spans on due.person_code = spans.person_code

    union all

    -- from the date of rank on: the current rank and grade
    select
        due.cadre_key,
        due.rank_group,
        greatest(due.rank_date, report.window_start) as from_date,
        report.report_date + 1 as to_date
    from due
    cross join report
    where due.rank_date is not null

)

select
    due.cadre_key,
    -- rounded, so that the order of adding does not show
    round(coalesce(sum(
        greatest({{ days_between('stretches.from_date', 'stretches.to_date') }}, 0)
        * targets.min_hours
        / 365.0
    ), 0), 6) as expected_hours
from due
left join stretches on due.cadre_key = stretches.cadre_key
left join targets on stretches.rank_group = targets.rank_group
group by due.cadre_key
