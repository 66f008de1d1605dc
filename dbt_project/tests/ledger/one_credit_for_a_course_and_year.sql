-- Tests: of the online rows of one cadre, canonical course and calendar year one at most is recognised
-- (credited, or cut by the daily cap); a duplicate has a recognised row beside it that was completed no
-- later.
-- Matters: counting the same hour on two platforms is what the warehouse was built to end.
-- Resolve: list the rows of that cadre and course in int_online_recognised, in order of completed_at.
with

online as (

    select
        cadre_key,
        course_key,
        {{ year_of('activity_date') }} as activity_year,
        completed_at,
        credit_status
    from {{ ref('fct_training') }}
    where
        mode in ('online_class', 'online_elective', 'mobile')
        and credit_status in ('credited', 'over_daily_cap', 'duplicate')

)

select
    cadre_key,
    course_key,
    activity_year,
    sum(case when credit_status <> 'duplicate' then 1 else 0 end) as recognised_rows,
    sum(case when credit_status = 'duplicate' then 1 else 0 end) as duplicate_rows
from online
group by cadre_key, course_key, activity_year
having
    sum(case when credit_status <> 'duplicate' then 1 else 0 end) <> 1
    or min(case when credit_status <> 'duplicate' then completed_at end)
    > min(case when credit_status = 'duplicate' then completed_at end)
