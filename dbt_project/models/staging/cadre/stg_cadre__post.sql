with

source as (

    select * from {{ source('cadre', 'post') }}

),

renamed as (

    select
        -- keys
        a0000 as person_code,
        a0201b as unit_code,

        -- texts
        a0201a as unit_name,
        a0215a as post_name,

        -- codes
        a0221 as rank_code_source,

        -- flags
        a0219 = '1' as is_leading,
        a0255 = '1' as is_in_post,
        a0279 = '1' as is_main_post,

        -- dates
        a0243 as appointed_on,
        a0265 as removed_on,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
