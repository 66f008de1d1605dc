-- Tests: the radar's axes are exactly the topics with target hours, each with the reserve that
-- mart_cadre_knowledge has (0 where it has none) and, for the second series, one mean for a rank group.
-- Matters: a topic added to the seed without an axis is never called up for; a column under another topic's
-- name sends people to the wrong class.
-- Resolve: a new topic needs its column in cadre_profile_reserve (SQL and YAML) and its axis in
-- dashboards/compiler/definitions; else compare cadre_profile_topic with mart_cadre_knowledge for the
-- cadre_key.
{% set topics = [
    't01', 't02', 't03', 'p01', 'p02', 'p03', 'p04', 'p05', 'p06', 'd01', 'd02', 'd03', 'd04', 'd05', 'd06', 'd07',
    'd08', 'k01', 'k02', 'k03', 'k04', 'k05', 'k06'
] %}
with

shown as (

    {% for topic in topics %}
    select
        cadre_key,
        series,
        '{{ topic | upper }}' as topic_code,
        reserve_{{ topic }} as reserve
    from {{ ref('cadre_profile_reserve') }}
    where reserve_{{ topic }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

),

meant as (

    select
        coverage.cadre_key,
        coverage.rank_group,
        targets.topic_code,
        coalesce(knowledge.reserve, 0) as reserve
    from {{ ref('mart_cadre_coverage') }} as coverage
    inner join {{ ref('topic_target') }} as targets
        on
            coverage.rank_group = targets.rank_group
            and targets.target_hours > 0
            and {{ in_force_on('targets', 'coverage.as_of') }}
    left join {{ ref('mart_cadre_knowledge') }} as knowledge
        on coverage.cadre_key = knowledge.cadre_key and targets.topic_code = knowledge.topic_code

),

means as (

    select rank_group, topic_code, avg(reserve) as reserve
    from meant
    group by rank_group, topic_code

),

expected as (

    select cadre_key, 'self' as series, topic_code, reserve
    from meant

    union all

    select meant.cadre_key, 'rank_group_mean' as series, meant.topic_code, means.reserve
    from meant
    inner join means on meant.rank_group = means.rank_group and meant.topic_code = means.topic_code

)

select
    coalesce(expected.cadre_key, shown.cadre_key) as cadre_key,
    coalesce(expected.series, shown.series) as series,
    coalesce(expected.topic_code, shown.topic_code) as topic_code,
    expected.reserve as expected_reserve,
    shown.reserve
from expected
full outer join shown
    on
        expected.cadre_key = shown.cadre_key
        and expected.series = shown.series
        and expected.topic_code = shown.topic_code
where expected.reserve is null or shown.reserve is null or abs(expected.reserve - shown.reserve) > 0.06
