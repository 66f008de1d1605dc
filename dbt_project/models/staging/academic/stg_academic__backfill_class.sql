with

source as (

    select * from {{ source('academic', 'backfill_class') }}

),

renamed as (

    select
        -- keys
        class_id,
        split_part(_source_file, '#', 1) as workbook,

        -- attributes
        year as class_year,
        class_name,
        class_type_text,
        organizer_name,
        place,
        theme_text,
        is_off_job,

        -- amounts
        headcount,
        class_days,
        hours,

        -- dates
        start_date,
        end_date,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
