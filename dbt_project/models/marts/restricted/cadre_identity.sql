select
    keys.cadre_key,
    people.person_code,
    people.name,
    -- region and last character stay visible, birth and order do not
    case
        when length(people.id_number) >= 10
            then substr(people.id_number, 1, 6)
                || repeat('*', length(people.id_number) - 7)
                || substr(people.id_number, -1)
    end as masked_number,
    people.unit_code
from {{ ref('stg_cadre__person') }} as people
inner join {{ ref('int_cadre_key') }} as keys on people.person_code = keys.person_code
where people.business_date = (select max(newest.business_date) from {{ ref('stg_cadre__person') }} as newest)
