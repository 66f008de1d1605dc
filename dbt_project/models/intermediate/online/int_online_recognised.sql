-- Credit recognition across platforms, then the daily cap (rules.md): of the otherwise credited rows of one
-- cadre, canonical course and calendar year only the one completed first counts; beyond the cap of a day
-- hours are cut.
with

records as (

    select * from {{ ref('int_training_record') }}
    where source in ('academy', 'mobile')

),

ordered as (

    select
        *,
        row_number() over (
            partition by cadre_key, course_key, {{ year_of('activity_date') }}
            order by completed_at, {{ online_mode_order('mode') }}, source_record_id
        ) as recognition_order
    from records
    where credit_status = 'credited'

),

recognised as (

    select
        *,
        coalesce(sum(raw_hours) over (
            partition by cadre_key, activity_date
            order by completed_at, {{ online_mode_order('mode') }}, source_record_id
            rows between unbounded preceding and 1 preceding
        ), 0) as hours_before
    from ordered
    where recognition_order = 1

),

capped as (

    select
        recognised.source,
        recognised.source_record_id,
        recognised.raw_hours,
        round(least(
            recognised.raw_hours,
            greatest({{ policy_value('online_daily_cap_hours') }} - recognised.hours_before, 0)
        ), 1) as credited_hours
    from recognised
    {{ join_policy_on('online_daily_cap_hours', 'recognised.activity_date') }}

),

judged as (

    select
        records.*,
        coalesce(capped.credited_hours, 0) as credited_hours,
        case
            when records.credit_status <> 'credited' then records.credit_status
            when capped.source_record_id is null then 'duplicate'
            when capped.credited_hours < capped.raw_hours then 'over_daily_cap'
            else 'credited'
        end as final_status
    from records
    left join capped
        on records.source = capped.source and records.source_record_id = capped.source_record_id

)

select
    source,
    source_record_id,
    enrollment_id,
    person_code,
    cadre_key,
    mode,
    class_id,
    course_key,
    topic_code,
    activity_date,
    completed_at,
    raw_hours,
    credited_hours,
    final_status as credit_status,
    -- duplicate and over_daily_cap are rules of their own; else the record's own rule explains it
    case when final_status = credit_status then rule_code else final_status end as rule_code,
    is_statutory,
    score,
    evidence_grade,
    batch_id,
    source_file,
    source_row
from judged
