with

source as (

    select * from {{ source('cadre', 'person') }}

),

renamed as (

    select
        -- keys
        a0000 as person_code,
        a0195 as unit_code,

        -- identity
        a0101 as name,
        a0101_nfkc as name_nfkc,
        a0184 as id_number,
        a0104 as sex,
        a0107 as birth_date,

        -- codes
        a0117 as ethnic_group,
        a0141 as political_status,
        a0163 as duty_status,
        a0165 as managed_by,
        a0221 as rank_code_source,
        a0192e as grade_code,

        -- texts
        a0192a as post_in_full,

        -- dates
        a0134 as started_work_on,
        a0288 as rank_date,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
