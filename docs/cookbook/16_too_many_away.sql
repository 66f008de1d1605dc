-- title_zh: 单位同期脱产过多
-- title_en: Too many of a unit away at once
-- question_zh: 近一年及今后，哪些单位同一天有过多的人在脱产班，最多时几人？
-- question_en: In the last year and from now on, which units had too many in off-job classes on one day,
--   and how many?
-- watch_zh: 发现按单位×日；这里汇总为单位。应训人数按现任本级（direct），不是当日人数。已计划、在办的班次也算。
-- watch_en: Findings are by unit and day, summed up by unit here. Due cadres are today's own ones (direct),
--   not of that day. Planned and running classes count.
-- empty: No unit had too many away at once.
select
    unit_code,
    unit_name,
    count(*) as days,
    max(cast(split_part(evidence, '/', 1) as bigint)) as most_away,
    any_value(cast(split_part(evidence, '/', 2) as bigint)) as due,
    min(on_date) as first_on,
    max(on_date) as last_on
from mart_call_up_issue
where kind = 'unit_overdraw' and on_date > as_of - interval 1 year
group by unit_code, unit_name
order by days desc, unit_code asc
