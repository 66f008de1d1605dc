with

source as (

    select * from {{ source('ops', 'identity_history') }}

),

renamed as (

    select
        -- keys
        source,
        source_person_id,
        person_code,

        -- how
        rule,
        score,
        decided_by,

        -- interval
        valid_from,
        valid_to

    from source

)

select * from renamed
