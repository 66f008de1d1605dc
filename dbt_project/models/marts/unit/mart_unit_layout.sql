with

ledger as (

    select
        unit_code_then,
        unit_code_now,
        {{ year_of('activity_date') }} as activity_year,
        topic_code,
        mode,
        cadre_key,
        -- person-times: distinct enrolments for academic classes, rows for the rest
        coalesce(enrollment_id, ledger_id) as person_time,
        credited_hours
    from {{ ref('fct_training') }}
    where
        cadre_key is not null
        and credited_hours > 0
        and {{ year_of('activity_date') }} between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}

),

attributed as (

    select 'then' as attribution, unit_code_then as member_code, * from ledger
    union all
    select 'now' as attribution, unit_code_now as member_code, * from ledger

),

sums as (

    select
        attributed.attribution,
        members.scope,
        members.unit_code,
        attributed.activity_year,
        attributed.topic_code,
        attributed.mode,
        count(distinct attributed.person_time) as person_times,
        count(distinct attributed.cadre_key) as cadres,
        round(sum(attributed.credited_hours), 1) as credited_hours
    from attributed
    inner join {{ ref('int_unit_member') }} as members on attributed.member_code = members.member_code
    group by
        attributed.attribution,
        members.scope,
        members.unit_code,
        attributed.activity_year,
        attributed.topic_code,
        attributed.mode

)

select
    sums.attribution,
    attributions.label_zh as attribution_name,
    attributions.label_en as attribution_name_en,
    attributions.sort_order as attribution_order,
    sums.scope,
    sums.unit_code,
    units.unit_name,
    labels.unit_label,
    sums.activity_year as year,
    sums.topic_code,
    topics.topic_name,
    topics.topic_name_en,
    topics.group_code,
    topics.group_name,
    topics.group_name_en,
    sums.mode,
    modes.label_zh as mode_name,
    modes.label_en as mode_name_en,
    modes.sort_order as mode_order,
    sums.person_times,
    sums.cadres,
    sums.credited_hours
from sums
inner join {{ ref('dim_unit') }} as units on sums.unit_code = units.unit_code
inner join {{ ref('int_unit_label') }} as labels on sums.unit_code = labels.unit_code
inner join {{ ref('dim_topic') }} as topics on sums.topic_code = topics.topic_code
left join {{ ref('code_label') }} as modes on modes.code_list = 'mode' and sums.mode = modes.code
left join {{ ref('code_label') }} as attributions
    on attributions.code_list = 'attribution' and sums.attribution = attributions.code
