with

source as (

    select * from {{ source('ops', 'run') }}

),

renamed as (

    select
        -- keys
        run_id,
        business_date,

        -- times
        started_at,
        finished_at,

        -- outcome
        status,
        rule_version,
        code_version

    from source

)

select * from renamed
