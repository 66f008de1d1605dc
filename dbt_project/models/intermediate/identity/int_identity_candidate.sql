-- Cadres that each rule would tie a person to (rules.md, identity, rules 1 to 5), rejected pairs aside; one
-- row per person, rule and cadre.
with

person as (

    select * from {{ ref('int_identity_person') }}

),

cadre as (

    select * from {{ ref('int_identity_cadre') }}

),

-- Same name, never against a cadre whose own valid number is another.
same_name as (

    select
        person.source,
        person.source_person_id,
        cadre.person_code,
        person.birth_month = cadre.birth_month as is_birth_equal,
        coalesce(cadre.valid_number like person.masked_pattern, false) as is_mask_equal,
        coalesce(person.birth_month <> cadre.birth_month, false)
        or coalesce(person.sex <> cadre.sex, false) as is_contradicted,
        exists(
            select 1
            from {{ ref('int_identity_person_unit') }} as person_unit
            inner join
                {{ ref('int_identity_cadre_unit') }} as cadre_unit
                on person_unit.unit_code = cadre_unit.unit_code
            where
                person_unit.source = person.source
                and person_unit.source_person_id = person.source_person_id
                and cadre_unit.person_code = cadre.person_code
        ) as is_unit_shared
    from person
    inner join cadre on person.person_name = cadre.person_name
    where
        person.valid_number is null
        or cadre.valid_number is null
        or person.valid_number = cadre.valid_number

),

candidates as (

    select 1 as rule_order, 'id_number' as rule, person.source, person.source_person_id, cadre.person_code
    from person
    inner join cadre on person.valid_number = cadre.valid_number

    union all

    select 2 as rule_order, 'staff_no' as rule, person.source, person.source_person_id, cadre.person_code
    from person
    inner join cadre on person.staff_no = upper(cadre.person_code)

    union all

    select 3 as rule_order, 'name_birth_unit' as rule, source, source_person_id, person_code
    from same_name
    where is_birth_equal and is_unit_shared

    union all

    select 4 as rule_order, 'masked_id' as rule, source, source_person_id, person_code
    from same_name
    where is_mask_equal

    union all

    select 5 as rule_order, 'name_unit' as rule, source, source_person_id, person_code
    from same_name
    where is_unit_shared and not is_contradicted

)

-- a pair that a person has rejected is no candidate of any rule: the next cadre, or the next rule, applies
select candidates.*
from candidates
left join {{ ref('int_identity_decision') }} as decision
    on
        candidates.source = decision.source
        and candidates.source_person_id = decision.source_person_id
        and candidates.person_code = decision.person_code
        and decision.decision = 'rejected'
where decision.person_code is null
