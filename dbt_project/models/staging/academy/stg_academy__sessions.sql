with

source as (

    select * from {{ source('academy', 'sessions') }}

),

renamed as (

    select
        -- keys
        session_id,
        record_id,

        -- times
        started_at,
        ended_at,

        -- amounts
        seconds,
        interactions,

        -- attributes
        device_hash,

        -- version
        updated_at,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

),

newest as (

    select
        *,
        {{ newest_version_rank('session_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
