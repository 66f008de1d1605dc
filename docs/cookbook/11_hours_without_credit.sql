-- title_zh: 没有计入的学时
-- title_en: Hours that earned nothing
-- question_zh: 各来源有多少学时没有计入，原因和依据是什么？
-- question_en: How many hours of each source earned nothing, why, and by which rule?
-- watch_zh: 台账不丢记录：一行为来源×原因，全部年份。raw_hours 对未完成的课程是已学时长折算。
-- watch_en: The ledger drops nothing: a row is a source x reason, all years. Of courses not completed,
--   raw_hours is what the time spent would come to.
select
    training.source,
    training.credit_status,
    training.rule_code,
    count(*) as records,
    count(distinct training.cadre_key) as cadres,
    round(sum(training.raw_hours - training.credited_hours), 1) as hours_without_credit,
    any_value(rule.text_zh) as rule_zh,
    any_value(rule.text_en) as rule_en,
    any_value(rule.citation) as citation
from fct_training as training
left join ops_rule as rule
    on
        training.rule_code = rule.rule_code
        and rule.rule_kind = 'credit_status' and rule.is_in_force
where training.credit_status <> 'credited'
group by training.source, training.credit_status, training.rule_code
order by training.source asc, hours_without_credit desc, training.rule_code asc
