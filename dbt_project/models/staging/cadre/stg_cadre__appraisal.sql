with

source as (

    select * from {{ source('cadre', 'appraisal') }}

),

renamed as (

    select
        -- keys
        a0000 as person_code,
        a1521 as appraisal_year,

        -- codes
        a1517 as appraisal_result,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
