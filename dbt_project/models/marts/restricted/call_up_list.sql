-- The call-up list with names: mart_call_up_candidate for the organization department.
select
    candidates.as_of,
    candidates.priority,
    candidates.cadre_key,
    people.person_code,
    people.name,
    candidates.unit_code,
    candidates.unit_name,
    candidates.rank_group_name,
    candidates.light_name,
    candidates.reasons_zh,
    candidates.missing_hours,
    candidates.missing_days,
    candidates.missing_systematic_hours,
    candidates.last_trained_on,
    candidates.weakest_topics_zh,
    candidates.blocked_until,
    candidates.blocked_by_zh,
    candidates.long_class_until,
    candidates.suggested_theme_name,
    candidates.suggested_class_id,
    candidates.suggested_class_name,
    candidates.suggested_start_date,
    candidates.suggested_end_date
from {{ ref('mart_call_up_candidate') }} as candidates
inner join {{ ref('cadre_identity') }} as people on candidates.cadre_key = people.cadre_key
