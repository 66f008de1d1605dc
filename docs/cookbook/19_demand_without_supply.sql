-- title_zh: 供给跟不上的需求
-- title_en: Demand without supply
-- question_zh: 最近一年，哪些专题需求占比高而供给学时占比低？
-- question_en: In the newest year, which topics have more of the demand than of the supplied hours?
-- watch_zh: 两边都是各自合计的占比，不是学时；按职级分组。当年未过完时供给也只到统计日。
-- watch_en: Both sides are shares of their own totals, not hours, by rank group. In a running year supply
--   ends at the build's date.
with newest as (
    select max(year) as in_year from mart_supply_demand
)

select
    balance.year,
    balance.rank_group_name,
    balance.topic_name,
    balance.group_name,
    round(balance.demand_share, 4) as demand_share,
    round(balance.supply_share, 4) as supply_share,
    round(balance.gap, 4) as gap,
    balance.supplied_hours
from mart_supply_demand as balance
inner join newest on balance.year = newest.in_year
where balance.gap > 0
order by balance.gap desc, balance.rank_group_name asc, balance.topic_name asc
