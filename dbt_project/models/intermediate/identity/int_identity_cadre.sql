-- What identifies each cadre of the newest snapshot: normalised name, number, birth month, sex.
with

people as (

    select
        person_code,
        name_nfkc,
        sex,
        birth_date,
        {{ normalised_id_number('id_number') }} as id_number_text
    from {{ ref('stg_cadre__person') }}
    where business_date = (select max(newest.business_date) from {{ ref('stg_cadre__person') }} as newest)

),

numbers as (

    select *, {{ id_number_18('id_number_text') }} as id_number_18
    from people

),

valid as (

    select *, {{ valid_id_number('id_number_18') }} as valid_number
    from numbers

)

select
    person_code,
    nullif(name_nfkc, '') as person_name,
    case when sex in ('1', '2') then sex end as sex,
    coalesce({{ year_month('birth_date') }}, {{ year_month(id_birth_date('valid_number')) }}) as birth_month,
    valid_number
from valid
