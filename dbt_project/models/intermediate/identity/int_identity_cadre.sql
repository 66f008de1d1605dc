-- What identifies each cadre of the newest snapshot: normalised name, number, birth month, sex. A blank or a
-- placeholder is null.
with

people as (

    select
        person_code,
        name_nfkc,
        sex,
        birth_date,
        {{ normalised_id_number('id_number') }} as typed_number
    from {{ ref('stg_cadre__person') }}
    where business_date = (select max(newest.business_date) from {{ ref('stg_cadre__person') }} as newest)

),

written as (

    select
        people.*,
        case when name_placeholder.value is null then nullif(people.name_nfkc, '') end as person_name,
        case
            when number_placeholder.value is null and {{ not_one_character('people.typed_number') }}
                then people.typed_number
        end as id_number_text
    from people
    left join {{ ref('identity_placeholder') }} as name_placeholder
        on name_placeholder.kind = 'name' and people.name_nfkc = name_placeholder.value
    left join {{ ref('identity_placeholder') }} as number_placeholder
        on number_placeholder.kind = 'number' and people.typed_number = number_placeholder.value

),

numbers as (

    select *, {{ id_number_18('id_number_text') }} as id_number_18
    from written

),

valid as (

    select *, {{ valid_id_number('id_number_18') }} as valid_number
    from numbers

)

select
    person_code,
    person_name,
    case when sex in ('1', '2') then sex end as sex,
    coalesce({{ year_month('birth_date') }}, {{ year_month(id_birth_date('valid_number')) }}) as birth_month,
    valid_number,
    coalesce(id_number_18, id_number_text) as number_text
from valid
