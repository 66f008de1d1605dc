with

source as (

    select * from {{ source('cadre', 'unit') }}

),

renamed as (

    select
        -- keys
        b0111 as unit_code,
        b0121 as parent_code,
        successor as successor_code,

        -- texts
        b0101 as unit_name,
        b0104 as short_name,
        b0101_nfkc as unit_name_nfkc,
        b0104_nfkc as short_name_nfkc,

        -- codes
        b0114 as credit_code,
        b0117 as region_code,
        b0131 as category,
        unit_status = '1' as is_active,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

)

select * from renamed
