-- How old what each source last delivered is at the business date, whether a part of that delivery is
-- missing, since when and why.
with

batches as (

    select *
    from {{ ref('ops_batch') }}
    where
        business_date <= {{ as_of() }}
        -- a back-fill workbook of a former year is no news of the system
        and source_file not like '%/backfill/%'

),

delivered as (

    select
        source,
        max(business_date) as newest_business_date,
        max(landed_at) as newest_landed_at
    from batches
    where status in ('loaded', 'duplicate')
    group by source

),

gaps as (

    -- Of a snapshot source the highest readable revision of a date counts, so a damaged or held one leaves no
    -- gap beside it. A damaged or held part of what changed (online academy, mobile app) does, until it comes
    -- whole.
    select
        batches.source,
        batches.source_file,
        batches.business_date,
        batches.status,
        batches.reason_name,
        batches.reason_name_en,
        row_number() over (
            partition by batches.source, batches.status
            order by batches.business_date desc, batches.source_file asc
        ) as place
    from batches
    left join delivered on batches.source = delivered.source
    where
        batches.status in ('rejected', 'held')
        and not batches.is_mended
        and (
            batches.source in ('academy', 'mobile')
            or delivered.newest_business_date is null
            or batches.business_date > delivered.newest_business_date
        )

),

counts as (

    select
        source,
        min(business_date) as oldest_business_date,
        count(distinct case when status = 'rejected' then source_file end) as files_rejected,
        count(distinct case when status = 'held' then source_file end) as files_held
    from gaps
    group by source

),

falls as (

    -- what fell furthest, of what waits at the gate
    select
        held.*,
        row_number() over (
            partition by held.source
            order by held.rows_now / cast(held.rows_before as double), held.source_file, held.entity
        ) as place
    from {{ ref('stg_ops__held') }} as held
    where held.source_file in (select gaps.source_file from gaps where gaps.status = 'held')

),

fall_parts as (

    select
        falls.source,
        coalesce(entities.label_zh, falls.entity) as entity_zh,
        coalesce(entities.label_en, falls.entity) as entity_en,
        cast(falls.rows_now as varchar) as rows_now,
        cast(falls.rows_before as varchar) as rows_before,
        case when falls.nights_before > 1 then cast(falls.nights_before as varchar) end as nights,
        1 - falls.rows_now / cast(falls.rows_before as double) as share,
        cast(cast(round(100 * falls.fall_limit) as integer) as varchar) as fall_limit
    from falls
    left join {{ ref('code_label') }} as entities
        on entities.code_list = 'entity' and falls.entity = entities.code
    where falls.place = 1

),

fall_texts as (

    select
        source,
        entity_zh || ' ' || rows_now || ' 行，'
        || coalesce('近 ' || nights || ' 夜的中位数为 ', '上次 ') || rows_before || ' 行，减少 '
        || cast(cast(round(100 * share, 1) as decimal(5, 1)) as varchar) || '%（限 ' || fall_limit || '%），'
            as text_zh,
        entity_en || ': ' || rows_now || ' rows, ' || rows_before
        || coalesce(' in the median of ' || nights || ' nights', ' before') || ' (down '
        || cast(cast(round(100 * share, 1) as decimal(5, 1)) as varchar)
        || '%, limit '
        || fall_limit
        || '%); '
            as text_en
    from fall_parts

),

states as (

    select
        sources.code as source,
        sources.label_zh as source_name_zh,
        sources.label_en as source_name_en,
        sources.sort_order as source_order,
        delivered.newest_business_date,
        delivered.newest_landed_at,
        {{ days_between('delivered.newest_business_date', as_of()) }} as days_behind,
        coalesce(counts.files_rejected, 0) as files_rejected,
        coalesce(counts.files_held, 0) as files_held,
        case
            when delivered.newest_business_date < {{ as_of() }}
                then least({{ add_days('delivered.newest_business_date', 1) }}, counts.oldest_business_date)
            else counts.oldest_business_date
        end as missing_since,
        case
            when counts.files_held > 0 then 'held'
            when delivered.newest_business_date is null then 'none'
            when delivered.newest_business_date < {{ as_of() }} then 'behind'
            when counts.files_rejected > 0 then 'incomplete'
            else 'fresh'
        end as state
    from {{ ref('code_label') }} as sources
    left join delivered on sources.code = delivered.source
    left join counts on sources.code = counts.source
    where sources.code_list = 'source'

)

select
    states.source,
    states.source_name_zh,
    states.source_name_en,
    states.source_order,
    {{ as_of() }} as as_of,
    states.newest_business_date,
    states.newest_landed_at,
    states.days_behind,
    states.missing_since,
    states.files_rejected,
    states.files_held,
    case states.state
        when 'held' then '待确认'
        when 'none' then '无数据'
        when 'behind' then '滞后'
        when 'incomplete' then '不完整'
        else '最新'
    end as state_zh,
    case states.state
        when 'held' then 'Held'
        when 'none' then 'No data'
        when 'behind' then 'Behind'
        when 'incomplete' then 'Incomplete'
        else 'Up to date'
    end as state_en,
    case
        when states.state = 'held' then coalesce(fall_texts.text_zh, '') || '待人工确认'
        when states.state = 'fresh' then null
        when rejected.source_file is not null then rejected.reason_name || '：' || rejected.source_file
        when states.state = 'none' then '从未收到导出'
        else '自 ' || cast(states.missing_since as varchar) || ' 起未收到导出'
    end as reason_zh,
    case
        when states.state = 'held' then coalesce(fall_texts.text_en, '') || 'waits for confirmation'
        when states.state = 'fresh' then null
        when rejected.source_file is not null then rejected.reason_name_en || ': ' || rejected.source_file
        when states.state = 'none' then 'No export ever came'
        else 'No export since ' || cast(states.newest_business_date as varchar)
    end as reason_en
from states
left join fall_texts on states.source = fall_texts.source
left join gaps as rejected
    on states.source = rejected.source and rejected.status = 'rejected' and rejected.place = 1
