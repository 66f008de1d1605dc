with

source as (

    select * from {{ source('ops', 'held') }}

),

renamed as (

    select
        -- keys
        source,
        source_file,
        entity,
        business_date,

        -- counts
        rows_now,
        rows_before,
        nights_before,

        -- limit
        fall_limit

    from source

)

select * from renamed
