-- Tests: nobody is tied by rules 3 to 6 to a cadre whose own valid number is another than theirs.
-- Matters: when a candidate rule forgets the numbers, a namesake gets somebody else's hours.
-- Resolve: look at same_name in int_identity_candidate and at NO_OTHER_NUMBER in ganxun/identity/linkage.py.
select
    link.source,
    link.source_person_id,
    link.rule
from {{ ref('int_identity_link') }} as link
inner join {{ ref('int_identity_person') }} as person
    on link.source = person.source and link.source_person_id = person.source_person_id
inner join {{ ref('int_identity_cadre') }} as cadre on link.person_code = cadre.person_code
where
    link.rule in ('name_birth_unit', 'masked_id', 'name_unit', 'probabilistic')
    and person.valid_number <> cadre.valid_number
