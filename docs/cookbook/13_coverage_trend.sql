-- title_zh: 覆盖率两年走势
-- title_en: Coverage over two years
-- question_zh: 全市名义覆盖率和有效覆盖率两年来怎样变化，比上年同月高还是低？
-- question_en: How did nominal and effective coverage move over two years, and against the same month a
--   year before?
-- watch_zh: 一行为一个月末（末行为统计日）。各月末按当时的应训人员计算，人数变化也会带动比率。
-- watch_en: A row is a month end (the last: the build's date), each with the due cadres of its own day: the
--   rate also moves with who is due.
with months as (
    select * from mart_unit_coverage
    where scope = 'subtree' and level = 1
)

select
    months.as_of,
    months.due,
    months.red,
    months.yellow,
    months.green,
    round(months.nominal_coverage, 4) as nominal_coverage,
    round(months.effective_coverage, 4) as effective_coverage,
    round(months.effective_coverage - year_before.effective_coverage, 4) as change_in_a_year
from months
left join months as year_before
    on last_day(cast(months.as_of - interval 1 year as date)) = last_day(year_before.as_of)
order by months.as_of
