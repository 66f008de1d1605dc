-- Tests: the demand shares of a year and rank group add up to 1, so do its supply shares (or all are null),
-- and each gap is their difference.
-- Matters: the gap decides which courses are made next year; shares of different wholes must not be
-- compared.
-- Resolve: look for a topic whose row is missing for the year and rank group in mart_supply_demand.
with

totals as (

    select
        year,
        rank_group,
        sum(demand_share) as demand_share,
        sum(supply_share) as supply_share,
        max(abs(gap - (demand_share - supply_share))) as gap_error,
        count(*) as cells,
        count(demand_share) as demand_cells,
        count(supply_share) as supply_cells
    from {{ ref('mart_supply_demand') }}
    group by year, rank_group

)

select *
from totals
where
    abs(demand_share - 1) > 0.000001
    or abs(supply_share - 1) > 0.000001
    or gap_error > 0.000001
    or demand_cells not in (0, cells)
    or supply_cells not in (0, cells)
