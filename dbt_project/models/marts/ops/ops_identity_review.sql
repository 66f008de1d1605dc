-- The review list of identity without anything personal: keys, scores and how far each attribute agrees.
select
    review.kind,
    review.reason,
    review.source,
    review.source_person_id,
    keys.cadre_key,
    other_keys.cadre_key as other_cadre_key,
    review.score,
    review.name_level,
    review.birth_level,
    review.sex_level,
    review.unit_level,
    review.number_level
from {{ ref('int_identity_review') }} as review
left join {{ ref('int_cadre_key') }} as keys on review.person_code = keys.person_code
left join {{ ref('int_cadre_key') }} as other_keys on review.other_person_code = other_keys.person_code
