with

source as (

    select * from {{ source('academic', 'evaluation') }}

),

renamed as (

    select
        -- keys
        evaluation_id,
        enrollment_id,
        target_id,

        -- attributes
        target_kind,
        score,
        comment,

        -- times
        rated_at,

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
