with

source as (

    select * from {{ source('academic', 'training_class') }}

),

renamed as (

    select
        -- keys
        class_id,
        institution_id,
        organizer_unit_code,
        theme_code,
        base_id,
        head_teacher_id,
        online_class_id,

        -- attributes
        class_name,
        class_type,
        training_kind,
        leave_status,
        status,
        is_main_class,

        -- amounts
        planned_hours,
        planned_seats,

        -- dates
        start_date,
        end_date,

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
