with

source as (

    select * from {{ source('academic', 'teacher') }}

),

renamed as (

    select
        -- keys
        teacher_id,

        -- attributes
        name as teacher_name,
        kind as teacher_kind,
        title as teacher_title,
        unit_name,

        -- dates
        joined_on,
        left_on,

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
