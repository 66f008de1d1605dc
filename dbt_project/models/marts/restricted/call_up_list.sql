-- The call-up list with names, and in sentences: mart_call_up_candidate for the organization department.
with

candidates as (

    select * from {{ ref('mart_call_up_candidate') }}

),

reasons as (

    select
        cadre_key,
        kind,
        detail,
        detail_en
    from {{ ref('mart_alert') }}

    union all

    select
        cadre_key,
        'five_year_shortfall' as kind,
        '五年目标尚差脱产培训 '
        || {{ number_text('missing_hours') }}
        || ' 学时或 '
        || cast(missing_days as varchar)
        || ' 天' as detail,
        'Missing to the five-year target: '
        || {{ number_text('missing_hours') }}
        || ' off-job hours or '
        || cast(missing_days as varchar)
        || ' days' as detail_en
    from candidates
    where missing_hours > 0

),

reason_texts as (

    select
        reasons.cadre_key,
        {{ joined_texts('reasons.detail', '；', 'labels.sort_order, reasons.detail') }} as reason_text,
        {{ joined_texts('reasons.detail_en', '; ', 'labels.sort_order, reasons.detail') }} as reason_text_en
    from reasons
    inner join {{ ref('code_label') }} as labels
        on labels.code_list = 'call_up_reason' and reasons.kind = labels.code
    group by reasons.cadre_key

),

judged as (

    select
        *,
        case
            when suggested_class_id is not null then 'class'
            when blocked_until is not null then 'blocked'
            when suggested_theme is not null then 'theme'
            else 'none'
        end as proposal
    from candidates

)

select
    candidates.as_of,
    candidates.priority,
    candidates.cadre_key,
    people.person_code,
    people.name,
    people.cadre_label,
    candidates.unit_code,
    candidates.unit_name,
    people.serving_unit,
    people.branch_unit,
    candidates.rank_group_name,
    rank_groups.label_en as rank_group_name_en,
    candidates.light,
    candidates.light_name,
    lights.label_en as light_name_en,
    candidates.reasons_zh,
    candidates.reasons_en,
    reason_texts.reason_text,
    reason_texts.reason_text_en,
    candidates.missing_hours,
    candidates.missing_days,
    candidates.missing_systematic_hours,
    candidates.last_trained_on,
    coalesce(cast(candidates.last_trained_on as varchar), '从未') as last_trained,
    coalesce(cast(candidates.last_trained_on as varchar), 'Never') as last_trained_en,
    candidates.weakest_topics_zh,
    candidates.weakest_topics_en,
    candidates.blocked_until,
    candidates.blocked_by_zh,
    candidates.blocked_by_en,
    candidates.long_class_until,
    candidates.suggested_theme_name,
    candidates.suggested_class_id,
    candidates.suggested_class_name,
    candidates.suggested_start_date,
    candidates.suggested_end_date,
    candidates.proposal,
    proposals.label_zh as proposal_name,
    proposals.label_en as proposal_name_en,
    case candidates.proposal
        when 'class'
            then candidates.suggested_class_name
                || '（'
                || cast(candidates.suggested_start_date as varchar)
                || ' 至 '
                || cast(candidates.suggested_end_date as varchar)
                || '）'
        when 'blocked'
            then cast(candidates.blocked_until as varchar) || ' 及以前不可调训：' || candidates.blocked_by_zh
        when 'theme' then '须安排：' || candidates.suggested_theme_name
        else proposals.label_zh
    end as suggestion,
    case candidates.proposal
        when 'class'
            then candidates.suggested_class_name
                || ' ('
                || cast(candidates.suggested_start_date as varchar)
                || ' to '
                || cast(candidates.suggested_end_date as varchar)
                || ')'
        when 'blocked'
            then 'Not until ' || cast(candidates.blocked_until as varchar) || ': ' || candidates.blocked_by_en
        when 'theme' then 'To be arranged: ' || candidates.suggested_theme_name
        else proposals.label_en
    end as suggestion_en,
    cast(1 as bigint) as candidates,
    cast(case candidates.light when 'red' then 1 else 0 end as bigint) as red,
    cast(case candidates.light when 'yellow' then 1 else 0 end as bigint) as yellow,
    cast(case candidates.proposal when 'class' then 1 else 0 end as bigint) as seated,
    cast(case candidates.proposal when 'blocked' then 1 else 0 end as bigint) as blocked
from judged as candidates
inner join {{ ref('cadre_identity') }} as people on candidates.cadre_key = people.cadre_key
left join reason_texts on candidates.cadre_key = reason_texts.cadre_key
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and candidates.rank_group = rank_groups.code
left join {{ ref('code_label') }} as lights on lights.code_list = 'light' and candidates.light = lights.code
left join {{ ref('code_label') }} as proposals
    on proposals.code_list = 'call_up_proposal' and candidates.proposal = proposals.code
