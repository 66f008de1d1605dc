-- Runs of months in which a cadre was due in one unit and rank group (rules.md, due population). A cadre
-- stands in few runs, however many months and snapshots there are.
with

snapshots as (

    -- later months never use an earlier snapshot: each one holds for an unbroken run of months
    select snapshot_date, min(period_no) as from_no, max(period_no) + 1 as to_no
    from {{ ref('int_plan_period') }}
    group by snapshot_date

),

due as (

    select
        cadres.cadre_key,
        cadres.unit_code,
        cadres.rank_group,
        snapshots.from_no,
        snapshots.to_no,
        lag(snapshots.to_no) over (
            partition by cadres.cadre_key, cadres.unit_code, cadres.rank_group
            order by snapshots.from_no
        ) as previous_to_no
    from {{ ref('int_cadre_snapshot') }} as cadres
    inner join snapshots on cadres.business_date = snapshots.snapshot_date
    where cadres.is_due

),

numbered as (

    select
        *,
        sum(case when previous_to_no = from_no then 0 else 1 end) over (
            partition by cadre_key, unit_code, rank_group
            order by from_no
            rows between unbounded preceding and current row
        ) as run_no
    from due

)

select
    cadre_key,
    unit_code,
    rank_group,
    min(from_no) as from_no,
    max(to_no) as to_no
from numbered
group by cadre_key, unit_code, rank_group, run_no
