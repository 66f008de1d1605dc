with

source as (

    select * from {{ source('academic', 'backfill_student') }}

),

renamed as (

    select
        -- keys
        class_id,
        unit_code,
        split_part(_source_file, '#', 1) as workbook,

        -- identity
        name,
        name_nfkc,
        sex,
        id_number,
        id_number_is_text,

        -- attributes
        unit_and_post,
        attendance_text,
        is_passed,

        -- amounts
        hours,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
