with

source as (

    select * from {{ source('ops', 'secret') }}

),

renamed as (

    select secret from source

)

select * from renamed
