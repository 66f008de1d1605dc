select
    knowledge.as_of,
    knowledge.cadre_key,
    knowledge.unit_code,
    units.unit_name,
    knowledge.rank_group,
    knowledge.topic_code,
    topics.topic_name,
    topics.group_code,
    topics.group_name,
    knowledge.credited_hours,
    knowledge.target_hours,
    knowledge.reserve
from {{ ref('int_cadre_knowledge') }} as knowledge
inner join {{ ref('topic') }} as topics on knowledge.topic_code = topics.topic_code
left join {{ ref('int_unit_current') }} as units on knowledge.unit_code = units.unit_code
