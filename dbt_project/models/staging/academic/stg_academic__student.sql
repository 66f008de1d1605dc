with

source as (

    select * from {{ source('academic', 'student') }}

),

renamed as (

    select
        -- keys
        student_id,
        staff_no,
        unit_code,

        -- identity
        name,
        name_nfkc,
        sex,
        id_number,
        birth as birth_date,

        -- texts
        unit_name,
        unit_name_nfkc,
        post_title,

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
