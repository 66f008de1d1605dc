with

source as (

    select * from {{ source('academic', 'lesson') }}

),

renamed as (

    select
        -- keys
        lesson_id,
        class_id,
        course_id,
        teacher_id,

        -- times
        lesson_date,
        start_time,
        end_time,

        -- amounts
        hours,

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
