-- Credit recognition across platforms, then the daily cap (rules.md): of the otherwise credited rows of one
-- cadre, canonical course and calendar year only the one completed first counts; beyond the cap of a day
-- hours are cut.
with

unioned as (

    select * from {{ ref('int_academy_record') }}
    union all
    select * from {{ ref('int_mobile_record') }}

),

ordered as (

    select
        *,
        row_number() over (
            partition by cadre_key, course_key, {{ year_of('activity_date') }}
            order by completed_at, {{ online_mode_order('mode') }}, source_record_id
        ) as recognition_order
    from unioned
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
        source,
        source_record_id,
        raw_hours,
        round(least(raw_hours, greatest({{ policy('online_daily_cap_hours') }} - hours_before, 0)), 1)
            as credited_hours
    from recognised

)

select
    unioned.source,
    unioned.source_record_id,
    unioned.enrollment_id,
    unioned.person_code,
    unioned.cadre_key,
    unioned.mode,
    unioned.class_id,
    unioned.course_key,
    unioned.topic_code,
    unioned.activity_date,
    unioned.completed_at,
    unioned.raw_hours,
    coalesce(capped.credited_hours, 0) as credited_hours,
    case
        when unioned.credit_status <> 'credited' then unioned.credit_status
        when capped.source_record_id is null then 'duplicate'
        when capped.credited_hours < capped.raw_hours then 'over_daily_cap'
        else 'credited'
    end as credit_status,
    unioned.is_statutory,
    unioned.score,
    unioned.evidence_grade,
    unioned.batch_id,
    unioned.source_file,
    unioned.source_row
from unioned
left join capped
    on unioned.source = capped.source and unioned.source_record_id = capped.source_record_id
