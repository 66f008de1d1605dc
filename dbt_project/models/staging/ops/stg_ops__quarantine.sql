with

source as (

    select * from {{ source('ops', 'quarantine') }}

),

renamed as (

    select
        -- keys
        batch_id,
        source,
        entity,
        source_file,
        source_row,

        -- outcome
        field,
        action,
        reason,
        reason_code,
        decided_on

    from source

)

select * from renamed
