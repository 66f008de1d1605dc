with

source as (

    select * from {{ source('academy', 'courses') }}

),

renamed as (

    select
        -- keys
        course_id,
        course_no,

        -- attributes
        title,
        title_nfkc,
        category as category_text,
        requires_exam,
        provider,
        is_local,

        -- amounts
        credit_hours,
        duration_seconds,

        -- dates
        published_on,
        retired_on,

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
        {{ newest_version_rank('course_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
