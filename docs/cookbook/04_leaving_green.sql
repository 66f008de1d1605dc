-- title_zh: 半年内将失去绿灯
-- title_en: Out of green within six months
-- question_zh: 不再参训的话，哪些绿灯干部今后六个月内会掉出绿灯，哪一天？
-- question_en: Without more training, which green cadres fall out of green in the next six months, and on
--   which day?
-- watch_zh: 只看旧记录移出五年窗口，不计今后的培训、晋升和目标调整。学时或天数有一项够即为绿灯。
-- watch_en: Only old records leaving the five-year window; no future training, promotion or new target.
--   Either hours or days suffice for green.
-- empty: No green cadre stands on records that leave the window in the next six months.
with green as (
    select * from mart_cadre_coverage
    where light = 'green'
),

targets as (
    select
        scope as rank_group,
        max(case when rule_code = 'rolling_5y_statutory_hours' then cast(value as double) end) as hours,
        max(case when rule_code = 'rolling_5y_statutory_days' then cast(value as double) end) as days
    from ops_rule
    where rule_kind = 'target' and is_in_force
    group by scope
),

red_line as (
    select cast(value as double) as hours
    from ops_rule
    where rule_code = 'systematic_min_hours' and is_in_force
),

records as (
    select
        training.cadre_key,
        training.activity_date,
        case when training.is_statutory then training.credited_hours else 0 end as statutory_hours,
        case when counted.rule_code is not null then training.credited_hours else 0 end as systematic_hours,
        0 as statutory_days
    from fct_training as training
    inner join green on training.cadre_key = green.cadre_key
    left join dim_topic as topic on training.topic_code = topic.topic_code
    left join ops_rule as counted
        on
            counted.rule_kind = 'counted_mode' and counted.is_in_force
            and counted.rule_code = 'systematic:' || training.mode and counted.scope = topic.group_code
    where training.credited_hours > 0 and training.activity_date <= green.as_of
    union all
    select
        enrollment.cadre_key,
        enrollment.end_date as activity_date,
        0 as statutory_hours,
        0 as systematic_hours,
        enrollment.class_days as statutory_days
    from fct_enrollment as enrollment
    inner join green on enrollment.cadre_key = green.cadre_key
    where enrollment.is_statutory and enrollment.credited_hours > 0 and enrollment.end_date <= green.as_of
),

-- the first day whose window no longer holds the record (29 February stays until 1 March)
leaving as (
    select distinct
        cadre_key,
        case
            when activity_date > cast(activity_date + interval 5 year as date) - interval 5 year
                then cast(activity_date + interval 5 year as date) + 1
            else cast(activity_date + interval 5 year as date)
        end as leaves_on
    from records
),

then_have as (
    select
        leaving.cadre_key,
        leaving.leaves_on,
        coalesce(round(sum(records.statutory_hours), 1), 0) as statutory_hours,
        coalesce(sum(records.statutory_days), 0) as statutory_days,
        coalesce(round(sum(records.systematic_hours), 1), 0) as systematic_hours
    from leaving
    inner join green on leaving.cadre_key = green.cadre_key
    left join records
        on
            leaving.cadre_key = records.cadre_key
            and records.activity_date > leaving.leaves_on - interval 5 year
    where leaving.leaves_on > green.as_of and leaving.leaves_on <= green.as_of + interval 6 month
    group by leaving.cadre_key, leaving.leaves_on
),

falls as (
    select
        then_have.*,
        row_number() over (partition by then_have.cadre_key order by then_have.leaves_on) as nth
    from then_have
    inner join green on then_have.cadre_key = green.cadre_key
    inner join targets on green.rank_group = targets.rank_group
    cross join red_line
    where
        then_have.systematic_hours < red_line.hours
        or (then_have.statutory_hours < targets.hours and then_have.statutory_days < targets.days)
)

select
    falls.leaves_on as falls_on,
    green.cadre_key,
    green.unit_name,
    green.rank_group_name,
    case when falls.systematic_hours < red_line.hours then 'red' else 'yellow' end as light_then,
    green.statutory_hours as hours_now,
    falls.statutory_hours as hours_then,
    targets.hours as hours_target,
    green.statutory_days as days_now,
    falls.statutory_days as days_then,
    targets.days as days_target
from falls
inner join green on falls.cadre_key = green.cadre_key
inner join targets on green.rank_group = targets.rank_group
cross join red_line
where falls.nth = 1
order by falls_on, green.cadre_key
