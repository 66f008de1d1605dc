-- title_zh: 数字出自哪一版规则
-- title_en: Which rule version made this number
-- question_zh: 今天的有效覆盖率是哪一版规则和程序算出来的？起作用的目标和参数各依据什么？
-- question_en: Which version of rules and code made today's effective coverage, and which targets and
--   parameters decided?
-- watch_zh: rule_version 是规则表的指纹：改一个数就变。value 是统计日生效的值；历史月末按当月末生效的值重算。
-- watch_en: rule_version is a fingerprint of the seeds: one changed figure changes it. `value` is in force
--   at the build's date; past month ends use what was in force then.
with run as (
    select * from ops_run
    where status = 'published'
    order by finished_at desc
    limit 1
)

select
    round(coverage.effective_coverage, 4) as effective_coverage,
    coverage.green,
    coverage.due,
    run.run_id,
    run.rule_version,
    run.code_version,
    rule.rule_kind,
    rule.rule_code,
    rule.scope,
    rule.value,
    rule.unit,
    rule.valid_from,
    rule.origin,
    rule.citation
from mart_unit_coverage as coverage
cross join run
cross join ops_rule as rule
where
    coverage.is_current and coverage.scope = 'subtree' and coverage.level = 1
    and rule.is_in_force
    and (
        rule.rule_code in ('systematic_min_hours', 'absence_limit', 'online_daily_cap_hours')
        or rule.rule_code like 'rolling\_5y%' escape '\'
        or (rule.rule_kind = 'counted_mode' and rule.rule_code not like 'online:%')
    )
order by rule.rule_kind, rule.rule_code, rule.scope
