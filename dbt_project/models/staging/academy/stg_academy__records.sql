with

source as (

    select * from {{ source('academy', 'records') }}

),

renamed as (

    select
        -- keys
        record_id,
        user_id,
        course_id,
        class_id,

        -- times
        started_at,
        last_at,
        completed_at,

        -- amounts
        study_seconds,
        progress,
        score,

        -- attributes
        passed as is_passed,
        client,

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
        {{ newest_version_rank('record_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
