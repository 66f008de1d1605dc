with

source as (

    select * from {{ source('ops', 'batch') }}

),

renamed as (

    select
        -- keys
        batch_id,
        source,
        entity,
        business_date,
        revision,

        -- file
        source_file,
        sha256,
        bytes,

        -- counts
        rows_read,
        rows_loaded,
        rows_quarantined,
        rows_superseded,
        rows_discarded,

        -- outcome
        status,
        reason,
        reason_code,
        landed_at

    from source

)

select * from renamed
