with

source as (

    select * from {{ source('academic', 'need_survey') }}

),

renamed as (

    select
        -- keys
        need_id,
        unit_code,
        student_id,

        -- attributes
        year as survey_year,
        need_kind,
        topic_text,
        weight,

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
