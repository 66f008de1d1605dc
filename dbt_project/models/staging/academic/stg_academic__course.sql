with

source as (

    select * from {{ source('academic', 'course') }}

),

renamed as (

    select
        -- keys
        course_id,
        course_no,

        -- attributes
        title,
        title_nfkc,
        category_text,
        method,
        is_local,

        -- amounts
        hours,

        -- dates
        developed_on,

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
