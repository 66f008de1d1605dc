with

source as (

    select * from {{ source('mobile', 'statements') }}

),

renamed as (

    select
        -- keys
        id as statement_id,
        actor_name as user_id,
        object_id as activity_id,
        registration,

        -- attributes
        verb_id,
        object_type,
        object_name as activity_name,
        object_name_nfkc as activity_name_nfkc,
        object_category as category_text,
        completion as is_completion,
        device,

        -- amounts
        duration_seconds,
        score_raw,

        -- times
        timestamp as occurred_at,
        stored as stored_at,

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
        {{ first_delivery_rank('statement_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
