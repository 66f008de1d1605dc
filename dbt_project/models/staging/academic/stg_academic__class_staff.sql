with

source as (

    select * from {{ source('academic', 'class_staff') }}

),

renamed as (

    select
        -- keys
        class_id,
        staff_id,

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
