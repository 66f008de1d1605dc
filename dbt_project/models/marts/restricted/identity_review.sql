-- The review list with both sides' names, for whoever decides: a row of decisions/identity_decision.csv
-- takes its source, source_person_id and person_code from here.
with

unit_named as (

    select
        person.source,
        person.source_person_id,
        person.person_name,
        person.birth_month,
        coalesce(units.unit_name, person.unit_name, person.unit_code) as unit_name
    from {{ ref('int_identity_person') }} as person
    left join {{ ref('int_unit_current') }} as units on person.unit_code = units.unit_code

),

cadre_named as (

    select
        cadre.person_code,
        cadre.person_name,
        cadre.birth_month,
        units.unit_name
    from {{ ref('int_identity_cadre') }} as cadre
    left join {{ ref('int_cadre_current') }} as current_cadre on cadre.person_code = current_cadre.person_code
    left join {{ ref('int_unit_current') }} as units on current_cadre.unit_code = units.unit_code

)

select
    review.kind,
    review.reason,
    review.source,
    review.source_person_id,
    review.person_code,
    review.other_person_code,
    review.score,
    coalesce(person.person_name, other_cadre.person_name) as source_name,
    cadre.person_name as cadre_name,
    coalesce(person.birth_month, other_cadre.birth_month) as source_birth_month,
    cadre.birth_month as cadre_birth_month,
    coalesce(person.unit_name, other_cadre.unit_name) as source_unit_name,
    cadre.unit_name as cadre_unit_name,
    review.name_level,
    review.birth_level,
    review.sex_level,
    review.unit_level,
    review.number_level
from {{ ref('int_identity_review') }} as review
left join unit_named as person
    on review.source = person.source and review.source_person_id = person.source_person_id
left join cadre_named as cadre on review.person_code = cadre.person_code
left join cadre_named as other_cadre on review.other_person_code = other_cadre.person_code
