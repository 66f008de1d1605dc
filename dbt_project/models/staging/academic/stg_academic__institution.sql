with

source as (

    select * from {{ source('academic', 'institution') }}

),

renamed as (

    select
        -- keys
        institution_id,

        -- attributes
        name as institution_name,
        kind as institution_kind,
        level as institution_level,
        recognized as is_recognized,

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
