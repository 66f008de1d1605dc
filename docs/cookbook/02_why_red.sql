-- title_zh: 为什么是红灯
-- title_en: Why a light is red
-- question_zh: 某干部为什么是红灯？哪些记录算数，哪些不算，依据是什么？
-- question_en: Why is a cadre's light red: which records count, which do not, and by which rule?
-- watch_zh: 把 chosen 换成要查的 cadre_key；这里取记录学时最多的红灯干部。systematic_hours 之和即红灯判定的学时。
--   逐条依据用 ganxun explain cadre。
-- watch_en: Put the cadre_key you ask about into `chosen`; here the red cadre with most hours on record.
--   The column systematic_hours adds up to the figure that decides red. `ganxun explain cadre`
--   gives it record by record.
with chosen as (
    select
        coverage.cadre_key,
        coverage.as_of,
        coverage.systematic_hours
    from mart_cadre_coverage as coverage
    left join fct_training as training on coverage.cadre_key = training.cadre_key
    where coverage.light = 'red'
    group by coverage.cadre_key, coverage.as_of, coverage.systematic_hours
    order by sum(training.raw_hours) desc nulls last, coverage.cadre_key
    limit 1
),

rules as (
    select cast(value as double) as min_hours
    from ops_rule
    where rule_code = 'systematic_min_hours' and is_in_force
)

select
    chosen.cadre_key,
    chosen.systematic_hours as has_hours,
    rules.min_hours as needs_hours,
    topic.group_name,
    training.mode,
    training.credit_status,
    training.rule_code,
    count(training.ledger_id) as records,
    round(sum(training.raw_hours), 1) as raw_hours,
    round(sum(training.credited_hours), 1) as credited_hours,
    round(sum(case when counted.rule_code is not null then training.credited_hours else 0 end), 1)
        as systematic_hours,
    any_value(reason.text_zh) as rule_zh,
    any_value(reason.citation) as citation
from chosen
cross join rules
left join fct_training as training
    on
        chosen.cadre_key = training.cadre_key
        and training.activity_date <= chosen.as_of
        and training.activity_date > chosen.as_of - interval 5 year
left join dim_topic as topic on training.topic_code = topic.topic_code
left join ops_rule as counted
    on
        counted.rule_kind = 'counted_mode' and counted.is_in_force
        and counted.rule_code = 'systematic:' || training.mode and counted.scope = topic.group_code
left join ops_rule as reason
    on
        reason.rule_kind = 'credit_status' and reason.is_in_force
        and reason.rule_code = training.rule_code
group by
    chosen.cadre_key, chosen.systematic_hours, rules.min_hours, topic.group_name, training.mode,
    training.credit_status, training.rule_code
order by
    systematic_hours desc, raw_hours desc, topic.group_name asc, training.mode asc, training.rule_code asc
