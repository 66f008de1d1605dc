with

source as (

    select * from {{ source('academic', 'base') }}

),

renamed as (

    select
        -- keys
        base_id,

        -- attributes
        name as base_name,
        region_code,
        theme as base_theme,

        -- version
        updated_at,
        is_deleted,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
