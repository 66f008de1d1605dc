-- title_zh: 从数字追到源文件
-- title_en: From a figure to the file and row
-- question_zh: 某单位今年某专题的学时，出自哪些文件的哪些行？
-- question_en: From which rows of which files do a unit's hours in a topic this year come?
-- watch_zh: 把 chosen 换成要查的单位、年份、专题；这里取今年本级（direct）学时最多的单位和专题。
--   各行之和等于 mart_unit_layout（now、direct、全部方式）。
-- watch_en: Put unit, year and topic into `chosen`; here the unit itself (direct) and topic with most hours
--   this year. The rows add up to mart_unit_layout (now, direct, all modes).
with chosen as (
    select
        unit_code,
        unit_label,
        topic_code,
        topic_name,
        year,
        round(sum(credited_hours), 1) as figure
    from mart_unit_layout
    where
        attribution = 'now' and scope = 'direct'
        and year = (select year(max(coverage.as_of)) from mart_cadre_coverage as coverage)
    group by unit_code, unit_label, topic_code, topic_name, year
    order by figure desc, unit_code asc, topic_code asc
    limit 1
)

select
    chosen.unit_label,
    chosen.topic_name,
    chosen.year,
    chosen.figure,
    training.ledger_id,
    training.mode,
    training.activity_date,
    training.credited_hours,
    training.rule_code,
    training.source_file,
    training.source_row,
    batch.business_date as delivered_on,
    batch.sha256
from chosen
inner join fct_training as training
    on
        chosen.unit_code = training.unit_code_now
        and chosen.topic_code = training.topic_code
        and chosen.year = year(training.activity_date)
left join ops_batch as batch on training.batch_id = batch.batch_id
where training.credited_hours > 0
order by training.activity_date, training.ledger_id
