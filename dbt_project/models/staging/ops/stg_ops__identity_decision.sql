with

source as (

    select * from {{ source('ops', 'identity_decision') }}

),

renamed as (

    select
        -- keys
        source,
        source_person_id,
        person_code,

        -- outcome
        decision,
        decided_by,
        decided_on,
        note

    from source

)

select * from renamed
