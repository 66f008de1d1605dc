-- The head of a cadre's file: who, where, which light, and in one sentence what is missing for green.
with

coverage as (

    select * from {{ ref('mart_cadre_coverage') }}

),

candidates as (

    select * from {{ ref('mart_call_up_candidate') }}

),

judged as (

    select
        people.cadre_key,
        people.person_code,
        people.name,
        people.cadre_label,
        people.unit_code,
        people.serving_unit,
        people.branch_unit,
        cadres.rank_code,
        cadres.rank_group,
        cadres.rank_date,
        cadres.duty_status,
        cadres.is_due,
        case when cadres.is_due then coverage.light else 'none' end as light,
        coverage.statutory_hours,
        coverage.statutory_days,
        coverage.systematic_hours,
        coverage.credited_hours,
        coverage.statutory_hours_year,
        coverage.statutory_days_year,
        coverage.online_hours_year,
        coverage.expected_hours,
        coverage.progress,
        coverage.last_trained_on,
        coverage.promotion_deadline,
        candidates.priority,
        candidates.missing_hours,
        case
            when candidates.missing_systematic_hours > 0
                then '理论与党性班次 ' || {{ number_text('candidates.missing_systematic_hours') }} || ' 学时'
        end as systematic_zh,
        case
            when candidates.missing_systematic_hours > 0
                then {{ number_text('candidates.missing_systematic_hours') }}
                    || ' class hours of theory and party education'
        end as systematic_en,
        case
            when candidates.missing_hours > 0
                then '脱产培训 '
                    || {{ number_text('candidates.missing_hours') }}
                    || ' 学时或 '
                    || cast(candidates.missing_days as varchar)
                    || ' 天'
        end as five_year_zh,
        case
            when candidates.missing_hours > 0
                then {{ number_text('candidates.missing_hours') }}
                    || ' off-job hours or '
                    || cast(candidates.missing_days as varchar)
                    || ' days'
        end as five_year_en
    from {{ ref('cadre_identity') }} as people
    inner join {{ ref('dim_cadre') }} as cadres on people.cadre_key = cadres.cadre_key
    left join coverage on people.cadre_key = coverage.cadre_key
    left join candidates on people.cadre_key = candidates.cadre_key

)

select
    {{ as_of() }} as as_of,
    judged.cadre_key,
    judged.person_code,
    judged.name,
    judged.cadre_label,
    judged.unit_code,
    judged.serving_unit,
    judged.branch_unit,
    ranks.rank_name,
    ranks.rank_name_en,
    rank_groups.label_zh as rank_group_name,
    rank_groups.label_en as rank_group_name_en,
    judged.rank_date,
    statuses.label_zh as duty_status_name,
    statuses.label_en as duty_status_name_en,
    judged.is_due,
    judged.light,
    lights.label_zh as light_name,
    lights.label_en as light_name_en,
    case
        when judged.light = 'none' then '不在应训范围，无须调训'
        when judged.light = 'green' then '已达绿灯，无缺项'
        else '尚差'
            || coalesce(
                judged.systematic_zh || coalesce('；另差' || judged.five_year_zh, ''), judged.five_year_zh
            )
    end as missing_for_green,
    case
        when judged.light = 'none' then 'Not due: no call-up'
        when judged.light = 'green' then 'Green: nothing is missing'
        else 'Missing: '
            || coalesce(
                judged.systematic_en || coalesce('; and ' || judged.five_year_en, ''), judged.five_year_en
            )
    end as missing_for_green_en,
    judged.statutory_hours,
    judged.statutory_days,
    judged.systematic_hours,
    judged.credited_hours,
    judged.statutory_hours_year,
    judged.statutory_days_year,
    judged.online_hours_year,
    judged.expected_hours,
    judged.progress,
    judged.last_trained_on,
    case when judged.is_due then coalesce(cast(judged.last_trained_on as varchar), '从未') end as last_trained,
    case when judged.is_due then coalesce(cast(judged.last_trained_on as varchar), 'Never') end
        as last_trained_en,
    judged.promotion_deadline,
    judged.priority
from judged
left join {{ ref('rank_code') }} as ranks on judged.rank_code = ranks.rank_code
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and judged.rank_group = rank_groups.code
left join {{ ref('code_label') }} as statuses
    on statuses.code_list = 'duty_status' and judged.duty_status = statuses.code
left join {{ ref('code_label') }} as lights on lights.code_list = 'light' and judged.light = lights.code
