-- The topics of each candidate from the weakest on: a topic without hours has a reserve of 0; of equal ones
-- the topic with more target hours comes first.
with

reserves as (

    select
        candidates.cadre_key,
        candidates.light,
        topics.topic_code,
        topics.topic_name,
        topics.topic_name_en,
        -- a red light goes out by systematic hours only: topics of theory and party
        candidates.light <> 'red' or topics.group_code in ('theory', 'party') as is_called_for,
        targets.target_hours,
        coalesce(knowledge.reserve, 0) as reserve
    from {{ ref('int_call_up_candidate') }} as candidates
    inner join {{ ref('topic_target') }} as targets
        on
            candidates.rank_group = targets.rank_group
            and targets.target_hours > 0
            and {{ in_force_on('targets', as_of()) }}
    inner join {{ ref('topic') }} as topics on targets.topic_code = topics.topic_code
    left join {{ ref('int_cadre_knowledge') }} as knowledge
        on candidates.cadre_key = knowledge.cadre_key and targets.topic_code = knowledge.topic_code

),

ranked as (

    select
        *,
        row_number() over (
            partition by cadre_key order by reserve asc, target_hours desc, topic_code asc
        ) as weakness,
        -- equally weak topics rank alike, so that a class on any of them will do
        rank() over (partition by cadre_key, is_called_for order by reserve) as call_up_rank
    from reserves

)

select
    cadre_key,
    topic_code,
    topic_name,
    topic_name_en,
    target_hours,
    reserve,
    weakness,
    weakness <= {{ policy('weakest_topic_count') }} as is_weakest,
    is_called_for,
    is_called_for and reserve < 100 and call_up_rank <= {{ policy('weakest_topic_count') }} as is_class_wanted
from ranked
