-- Units that a person's record names: by code, or by exact name or short name; a revoked unit also its
-- successors.
with

names as (

    select unit_code, unit_name_nfkc as unit_name from {{ ref('int_unit_current') }}
    union
    select unit_code, short_name_nfkc as unit_name
    from {{ ref('int_unit_current') }}
    where short_name_nfkc is not null

),

named as (

    select source, source_person_id, unit_code
    from {{ ref('int_identity_person') }}
    where unit_code is not null

    union

    select person.source, person.source_person_id, names.unit_code
    from {{ ref('int_identity_person') }} as person
    inner join names on person.unit_name = names.unit_name

)

select distinct
    named.source,
    named.source_person_id,
    coalesce(standing.stands_for_code, named.unit_code) as unit_code
from named
left join {{ ref('int_unit_standing') }} as standing on named.unit_code = standing.unit_code
