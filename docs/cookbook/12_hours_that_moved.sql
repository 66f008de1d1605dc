-- title_zh: 当时单位与现在单位
-- title_en: Hours that moved with their cadres
-- question_zh: 上一年度各单位的学时，按当时单位和按现在单位算差多少？
-- question_en: How do last year's hours of each unit differ between where cadres were then and where they
--   are now?
-- watch_zh: 考核上一年工作用 then，看现有队伍用 now；两者不可混用。二级单位，含下级（subtree）。
-- watch_en: Judge last year's work by `then`, today's staff by `now`; never mix them. Units of level 2,
--   subtree.
with latest as (
    select max(year) - 1 as last_year from dim_date
    where date_day <= (select max(coverage.as_of) from mart_cadre_coverage as coverage)
)

select
    layout.unit_label,
    layout.year,
    round(sum(layout.credited_hours) filter (where layout.attribution = 'then'), 1) as hours_then,
    round(sum(layout.credited_hours) filter (where layout.attribution = 'now'), 1) as hours_now,
    round(
        coalesce(sum(layout.credited_hours) filter (where layout.attribution = 'now'), 0)
        - coalesce(sum(layout.credited_hours) filter (where layout.attribution = 'then'), 0), 1
    ) as moved_in
from mart_unit_layout as layout
inner join latest on layout.year = latest.last_year
inner join dim_unit as unit on layout.unit_code = unit.unit_code
where layout.scope = 'subtree' and unit.level = 2
group by layout.unit_label, layout.year
order by moved_in desc, layout.unit_label asc
