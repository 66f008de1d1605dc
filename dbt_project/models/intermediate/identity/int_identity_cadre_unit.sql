-- Units that tie a cadre: the current one and those of all posts, a revoked unit also as its successor.
with

named as (

    select person_code, unit_code from {{ ref('int_cadre_current') }}
    union
    select person_code, unit_code
    from {{ ref('stg_cadre__post') }}
    where business_date = (select max(newest.business_date) from {{ ref('stg_cadre__post') }} as newest)

)

select distinct
    named.person_code,
    coalesce(standing.stands_for_code, named.unit_code) as unit_code
from named
left join {{ ref('int_unit_standing') }} as standing on named.unit_code = standing.unit_code
where named.unit_code is not null
