-- What head teachers, lecturers, liaison officers and fellow students said of each cadre, with names:
-- mart_ability_profile for the organization department.
select
    {{ as_of() }} as as_of,
    profiles.cadre_key,
    people.cadre_label,
    people.unit_code,
    people.serving_unit,
    profiles.year,
    profiles.dimension,
    profiles.dimension_name,
    dimensions.label_en as dimension_name_en,
    dimensions.sort_order as dimension_order,
    profiles.score,
    profiles.head_teacher_score,
    profiles.lecturer_score,
    profiles.liaison_score,
    profiles.peer_score,
    profiles.assessor_kinds,
    profiles.marks
from {{ ref('mart_ability_profile') }} as profiles
inner join {{ ref('cadre_identity') }} as people on profiles.cadre_key = people.cadre_key
left join {{ ref('code_label') }} as dimensions
    on dimensions.code_list = 'ability_dimension' and profiles.dimension = dimensions.code
