-- title_zh: 五年未参训
-- title_en: Nothing credited in five years
-- question_zh: 五年没有任何计入学时的干部集中在哪些单位、哪个层级？
-- question_en: In which units and rank groups are the cadres with nothing credited in five years?
-- watch_zh: 二级单位，含下级（subtree）。身份未对应也会造成“未参训”，请同时看 identity_rate。
-- watch_en: Units of level 2, subtree. A record that could not be tied to its cadre looks the same: see
--   identity_rate too.
-- empty: Every due cadre has something credited.
select
    unit.unit_name,
    coverage.rank_group_name,
    count(*) as due,
    count(*) filter (where coverage.credited_hours = 0) as never_trained,
    round(count(*) filter (where coverage.credited_hours = 0) / count(*), 4) as share,
    count(*) filter (where coverage.credited_hours = 0 and coverage.last_trained_on is null) as not_before
from mart_cadre_coverage as coverage
inner join dim_unit_closure as closure on coverage.unit_code = closure.descendant_code
inner join dim_unit as unit on closure.ancestor_code = unit.unit_code
where unit.level = 2
group by unit.unit_name, coverage.rank_group_name
having count(*) filter (where coverage.credited_hours = 0) > 0
order by never_trained desc, unit.unit_name asc, coverage.rank_group_name asc
