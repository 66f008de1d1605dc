-- title_zh: 新提任干部补训时限
-- title_en: Promotion clocks
-- question_zh: 新提任的干部谁的补训期限将到，还差多少？
-- question_en: Whose year to catch up after a promotion is running out, and what is missing?
-- watch_zh: 一行为一名期限未过的干部。学时、天数达到一项即可；已逾期的见 mart_alert 的 promotion_overdue。
-- watch_en: A row is a cadre whose deadline has not passed. Either hours or days suffice; those past it are
--   in mart_alert as promotion_overdue.
-- empty: Nobody was promoted within the last year without meeting the target.
with targets as (
    select
        scope as rank_group,
        max(case when rule_code = 'rolling_5y_statutory_hours' then cast(value as double) end) as hours,
        max(case when rule_code = 'rolling_5y_statutory_days' then cast(value as double) end) as days
    from ops_rule
    where rule_kind = 'target' and is_in_force
    group by scope
)

select
    alert.due_on,
    date_diff('day', alert.as_of, alert.due_on) as days_left,
    alert.cadre_key,
    alert.unit_name,
    coverage.rank_group_name,
    coverage.light_name,
    round(greatest(targets.hours - coverage.statutory_hours, 0), 1) as hours_missing,
    greatest(targets.days - coverage.statutory_days, 0) as days_missing
from mart_alert as alert
inner join mart_cadre_coverage as coverage on alert.cadre_key = coverage.cadre_key
inner join targets on coverage.rank_group = targets.rank_group
where alert.kind = 'promotion_due'
order by alert.due_on, alert.cadre_key
