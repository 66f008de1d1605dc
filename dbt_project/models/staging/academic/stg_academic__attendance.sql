with

source as (

    select * from {{ source('academic', 'attendance') }}

),

renamed as (

    select
        -- keys
        attendance_id,
        lesson_id,
        enrollment_id,

        -- attributes
        status as attendance_status,

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
