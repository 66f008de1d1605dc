with

source as (

    select * from {{ source('ops', 'check') }}

),

renamed as (

    select
        -- keys
        run_id,
        stage,
        suite,
        table_name,
        expectation,
        column_name,

        -- outcome
        severity,
        success,
        observed,
        unexpected_count,
        message,
        checked_at

    from source

)

select * from renamed
