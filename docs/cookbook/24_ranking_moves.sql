-- title_zh: 单位排名升降
-- title_en: Units that rose and fell
-- question_zh: 与上个半年相比，各单位排名升降多少，谁上了红榜、黑榜？
-- question_en: How did units move against the half-year before, and who is on the red and the black list?
-- watch_zh: 当前半年按统计日计算，未到期末；参与排名的单位数会变，名次升降不宜跨多期比较。
-- watch_en: The running half-year stands at the build's date. The number of ranked units changes: do not
--   compare places over many periods.
with halves as (
    select
        *,
        lag(position) over (partition by unit_code order by half_year) as position_before,
        lag(score) over (partition by unit_code order by half_year) as score_before
    from mart_unit_ranking
)

select
    half_year,
    position,
    position_before,
    position_before - position as places_gained,
    unit_label,
    list_name,
    due,
    round(score, 2) as score,
    round(score - score_before, 2) as score_change
from halves
where is_current
order by position
