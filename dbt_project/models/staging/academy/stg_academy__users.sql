with

source as (

    select * from {{ source('academy', 'users') }}

),

renamed as (

    select
        -- keys
        user_id,
        staff_no,
        org_code,

        -- identity
        real_name as name,
        real_name_nfkc as name_nfkc,
        sex,
        id_number,
        birth as birth_date,

        -- attributes
        org_name,
        org_name_nfkc,
        status as user_status,

        -- version
        updated_at,

        -- lineage
        _batch_id as batch_id,
        _source_file as source_file,
        _source_row as source_row,
        _business_date as business_date,
        _revision as revision

    from source

),

newest as (

    select
        *,
        {{ newest_version_rank('user_id') }} as version_rank
    from renamed

)

select * from newest where version_rank = 1
