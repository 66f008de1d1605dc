-- Tests: the call-up list holds every due cadre whose light is red or yellow, once, and no green one; the
-- list with names holds the same cadres.
-- Matters: whoever is left out of the list is never called up; a green cadre on it takes the seat of a red
-- one.
-- Resolve: take the cadre_key to mart_cadre_coverage; if the light is right there, look in
-- int_call_up_candidate (a rank group without a target in force?) and, for the named list, in
-- cadre_identity.
with

listed as (

    select cadre_key, count(*) as places from {{ ref('mart_call_up_candidate') }} group by cadre_key

),

named as (

    select cadre_key, count(*) as places from {{ ref('call_up_list') }} group by cadre_key

)

select
    coverage.cadre_key,
    coverage.light,
    listed.places,
    named.places as named_places
from {{ ref('mart_cadre_coverage') }} as coverage
full outer join listed on coverage.cadre_key = listed.cadre_key
full outer join named on listed.cadre_key = named.cadre_key
where
    coalesce(listed.places, 0) <> case when coverage.light in ('red', 'yellow') then 1 else 0 end
    or coalesce(named.places, 0) <> coalesce(listed.places, 0)
