with

source as (

    select * from {{ source('academy', 'classes') }}

),

renamed as (

    select
        -- keys
        class_id,
        theme_code,
        organizer_org_code as organizer_unit_code,

        -- attributes
        name as class_name,

        -- amounts
        required_hours,

        -- dates
        start_date,
        end_date,

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
        {{ newest_version_rank('class_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
