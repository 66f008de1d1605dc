-- Knowledge reserve of every due cadre in every topic with a target, 0 where nothing counts, beside the mean
-- of the cadre's rank group (seed 000, figure 3).
with

due as (

    select cadre_key, rank_group from {{ ref('mart_cadre_coverage') }}

),

reserves as (

    select
        due.cadre_key,
        due.rank_group,
        targets.topic_code,
        targets.target_hours,
        coalesce(knowledge.credited_hours, 0) as credited_hours,
        coalesce(knowledge.reserve, 0) as reserve
    from due
    inner join {{ ref('topic_target') }} as targets
        on
            due.rank_group = targets.rank_group
            and targets.target_hours > 0
            and {{ in_force_on('targets', as_of()) }}
    left join {{ ref('mart_cadre_knowledge') }} as knowledge
        on due.cadre_key = knowledge.cadre_key and targets.topic_code = knowledge.topic_code

),

means as (

    select
        rank_group,
        topic_code,
        -- tenths as whole numbers: the order of adding must not decide a digit
        round(sum(cast(round(reserve * 10) as bigint)) / 10.0 / count(*), 1) as group_mean
    from reserves
    group by rank_group, topic_code

)

select
    {{ as_of() }} as as_of,
    reserves.cadre_key,
    people.cadre_label,
    people.unit_code,
    people.serving_unit,
    reserves.rank_group,
    reserves.topic_code,
    topics.topic_name,
    topics.topic_name_en,
    topics.group_code,
    topics.group_name,
    topics.group_name_en,
    reserves.credited_hours,
    reserves.target_hours,
    reserves.reserve,
    cast(means.group_mean as double) as group_mean,
    row_number() over (
        partition by reserves.cadre_key
        order by reserves.reserve asc, reserves.target_hours desc, reserves.topic_code asc
    ) as weakness
from reserves
inner join means on reserves.rank_group = means.rank_group and reserves.topic_code = means.topic_code
inner join {{ ref('topic') }} as topics on reserves.topic_code = topics.topic_code
inner join {{ ref('cadre_identity') }} as people on reserves.cadre_key = people.cadre_key
