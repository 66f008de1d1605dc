with

source as (

    select * from {{ source('academy', 'enrollments') }}

),

renamed as (

    select
        -- keys
        enrollment_id,
        class_id,
        user_id,

        -- attributes
        result,

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
        {{ newest_version_rank('enrollment_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
