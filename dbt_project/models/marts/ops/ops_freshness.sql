-- How old what each source last delivered is at the business date, and whether a part of that delivery is
-- missing.
with

batches as (

    select *
    from {{ ref('stg_ops__batch') }}
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

sound as (

    -- files that came whole, under their name or as a revision of it
    select distinct
        source,
        {{ regexp_remove('source_file', '_r[0-9]+') }} as file_stem
    from batches
    where status in ('loaded', 'duplicate')

),

rejected as (

    -- Of a snapshot source the highest readable revision of a date counts, so a damaged one leaves no gap. A
    -- damaged part of what changed (online academy, mobile app) does, until it comes again whole.
    select
        batches.source,
        count(distinct batches.source_file) as files_rejected
    from batches
    inner join delivered on batches.source = delivered.source
    left join sound
        on
            batches.source = sound.source
            and {{ regexp_remove('batches.source_file', '_r[0-9]+') }} = sound.file_stem
    where
        batches.status = 'rejected'
        and sound.file_stem is null
        and (
            batches.source in ('academy', 'mobile') or batches.business_date > delivered.newest_business_date
        )
    group by batches.source

)

select
    sources.code as source,
    sources.label_zh as source_name_zh,
    sources.label_en as source_name_en,
    sources.sort_order as source_order,
    {{ as_of() }} as as_of,
    delivered.newest_business_date,
    delivered.newest_landed_at,
    {{ days_between('delivered.newest_business_date', as_of()) }} as days_behind,
    coalesce(rejected.files_rejected, 0) as files_rejected,
    case
        when delivered.newest_business_date is null then '无数据'
        when delivered.newest_business_date < {{ as_of() }} then '滞后'
        when rejected.files_rejected > 0 then '不完整'
        else '最新'
    end as state_zh,
    case
        when delivered.newest_business_date is null then 'No data'
        when delivered.newest_business_date < {{ as_of() }} then 'Behind'
        when rejected.files_rejected > 0 then 'Incomplete'
        else 'Up to date'
    end as state_en
from {{ ref('code_label') }} as sources
left join delivered on sources.code = delivered.source
left join rejected on sources.code = rejected.source
where sources.code_list = 'source'
