-- What became of each file, in words; a rejected or held file counts as mended once what it should have
-- brought came.
with

batches as (

    select
        *,
        -- a corrected export has `_r2` before its ending
        {{ regexp_remove(regexp_remove('source_file', '#.*$'), '_r[0-9]+') }} as file_stem
    from {{ ref('stg_ops__batch') }}

),

sound as (

    select
        source,
        file_stem,
        max(business_date) as business_date,
        max(landed_at) as landed_at
    from batches
    where status in ('loaded', 'duplicate')
    group by source, file_stem

),

mended as (

    select distinct batches.batch_id
    from batches
    inner join sound
        on
            batches.source = sound.source
            and (
                batches.file_stem = sound.file_stem
                -- a newer snapshot holds all that an older one held
                or (
                    batches.source in ('cadre', 'academic')
                    and batches.file_stem not like '%/backfill/%'
                    and sound.file_stem not like '%/backfill/%'
                    and sound.business_date >= batches.business_date
                )
            )
    where
        batches.status = 'rejected'
        -- a correction with too few rows waits for a person also where what it should replace is loaded
        or (
            batches.status = 'held'
            and (sound.business_date > batches.business_date or sound.landed_at > batches.landed_at)
        )

),

newest as (

    -- Whose newest export is the whole: older ones stand for their own day only. Back-fill workbooks and what
    -- changed (online academy, mobile app) all count side by side.
    select
        source,
        entity,
        max(business_date) as business_date
    from batches
    where status = 'loaded' and source in ('cadre', 'academic') and file_stem not like '%/backfill/%'
    group by source, entity

),

states as (

    select
        batches.*,
        batches.status = 'loaded'
        and (
            newest.business_date is null
            or batches.file_stem like '%/backfill/%'
            or batches.business_date = newest.business_date
        ) as is_in_use,
        mended.batch_id is not null as is_mended,
        case
            when mended.batch_id is not null then 'mended'
            -- rows that a person has left out for good ask for nobody any more
            when batches.status = 'loaded' and batches.rows_quarantined > batches.rows_discarded
                then 'quarantine'
            else batches.status
        end as state
    from batches
    left join mended on batches.batch_id = mended.batch_id
    left join newest on batches.source = newest.source and batches.entity = newest.entity

)

select
    states.batch_id,
    states.source,
    sources.label_zh as source_name,
    sources.label_en as source_name_en,
    states.entity,
    coalesce(entities.label_zh, states.entity) as entity_name,
    coalesce(entities.label_en, states.entity) as entity_name_en,
    states.business_date,
    states.source_file,
    states.sha256,
    states.bytes,
    states.rows_read,
    states.rows_loaded,
    states.rows_quarantined,
    states.rows_superseded,
    states.rows_discarded,
    states.status,
    labels.label_zh as state_name,
    labels.label_en as state_name_en,
    states.is_mended,
    states.is_in_use,
    states.state in ('rejected', 'held')
    or (states.state = 'quarantine' and states.is_in_use) as needs_attention,
    states.reason,
    case
        when states.state = 'quarantine' and states.reason is null then '有读不懂的行'
        else reasons.reason_name
    end as reason_name,
    case
        when states.state = 'quarantine' and states.reason is null then 'Rows that cannot be read'
        else reasons.reason_name_en
    end as reason_name_en,
    case when states.state = 'quarantine' then '逐条处理，见隔离明细' else reasons.advice end as advice,
    case
        when states.state = 'quarantine' then 'One by one: see the quarantine list' else reasons.advice_en
    end as advice_en,
    states.landed_at
from states
left join {{ ref('int_fault_reason') }} as reasons on states.reason = reasons.reason
left join {{ ref('code_label') }} as sources
    on sources.code_list = 'source' and states.source = sources.code
left join {{ ref('code_label') }} as entities
    on entities.code_list = 'entity' and states.entity = entities.code
left join {{ ref('code_label') }} as labels
    on labels.code_list = 'batch_status' and states.state = labels.code
