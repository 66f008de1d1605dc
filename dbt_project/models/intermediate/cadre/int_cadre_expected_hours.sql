-- Hours that the schedule expects of each due cadre by the business date: days of the window on which the
-- cadre held a rank x annual target, in force on that day, of that day's rank group / 365 (rules.md, progress
-- against schedule).
with

targets as (

    select
        rank_group,
        min_hours,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('policy_target') }}
    where target_window = 'calendar_year' and counts = 'statutory'

),

stretches as (

    select
        spans.cadre_key,
        targets.min_hours,
        {{ days_between(
            'greatest(spans.valid_from, targets.valid_from, report.window_start)',
            "least(coalesce(spans.valid_to, date '9999-12-31'), targets.valid_to, report.report_date + 1)"
        ) }} as days
    from {{ ref('int_cadre_service_span') }} as spans
    inner join {{ ref('int_report_date') }} as report on report.is_current
    inner join targets on spans.rank_group = targets.rank_group

)

select
    cadres.cadre_key,
    -- rounded, so that the order of adding does not show
    round(coalesce(sum(
        case when stretches.days > 0 then stretches.days * stretches.min_hours / 365.0 end
    ), 0), 6) as expected_hours
from {{ ref('int_cadre_current') }} as cadres
left join stretches on cadres.cadre_key = stretches.cadre_key
where cadres.is_due
group by cadres.cadre_key
