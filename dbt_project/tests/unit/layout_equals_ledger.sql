-- Tests: all hours of the layout (each unit's own, in either attribution) are the credited hours of linked
-- cadres in the last five calendar years and the current one.
-- Matters: the layout is the map by which training is planned; it may neither lose nor double an hour.
-- Resolve: compare by year and mode; a unit code without a home or a topic missing from dim_topic drops rows.
with

ledger as (

    select
        {{ year_of('activity_date') }} as year,
        mode,
        sum(credited_hours) as credited_hours
    from {{ ref('fct_training') }}
    where
        cadre_key is not null
        and credited_hours > 0
        and {{ year_of('activity_date') }} between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}
    group by {{ year_of('activity_date') }}, mode

),

attributions as (

    select 'then' as attribution
    union all
    select 'now' as attribution

),

layout as (

    select attribution, year, mode, sum(credited_hours) as credited_hours
    from {{ ref('mart_unit_layout') }}
    where scope = 'direct'
    group by attribution, year, mode

)

select
    attributions.attribution,
    ledger.year,
    ledger.mode,
    ledger.credited_hours as hours_of_ledger,
    layout.credited_hours as hours_of_layout
from ledger
cross join attributions
left join layout
    on
        attributions.attribution = layout.attribution
        and ledger.year = layout.year
        and ledger.mode = layout.mode
where abs(ledger.credited_hours - coalesce(layout.credited_hours, 0)) > 0.05

union all

select
    layout.attribution,
    layout.year,
    layout.mode,
    0 as hours_of_ledger,
    layout.credited_hours as hours_of_layout
from layout
left join ledger on layout.year = ledger.year and layout.mode = ledger.mode
where ledger.year is null
