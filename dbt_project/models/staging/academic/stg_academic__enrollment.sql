with

source as (

    select * from {{ source('academic', 'enrollment') }}

),

renamed as (

    select
        -- keys
        enrollment_id,
        class_id,
        student_id,
        certificate_no,

        -- attributes
        result,
        score,

        -- amounts
        hours,

        -- dates
        enrolled_on,

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
