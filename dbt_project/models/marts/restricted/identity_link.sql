select
    source,
    source_person_id,
    person_code,
    cadre_key,
    rule,
    score,
    decided_by
from {{ ref('int_identity_link') }}
