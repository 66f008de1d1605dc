-- Tests: an ability score lies between the lowest and the highest mean of its kinds of assessor, and the
-- marks of all profiles are the marks of linked cadres in fct_assessment.
-- Matters: the profile stands in a cadre's file; a weighted mean outside its parts is a wrong weight.
-- Resolve: recompute the cadre, year and dimension; look at the weights in force on the class's last day.
select cadre_key, year, dimension, score
from {{ ref('mart_ability_profile') }}
where
    score < least(
        coalesce(head_teacher_score, 100),
        coalesce(lecturer_score, 100),
        coalesce(liaison_score, 100),
        coalesce(peer_score, 100)
    ) - 0.00001
    or score > greatest(
        coalesce(head_teacher_score, 0),
        coalesce(lecturer_score, 0),
        coalesce(liaison_score, 0),
        coalesce(peer_score, 0)
    ) + 0.00001
    or score is null

union all

select
    coalesce(facts.cadre_key, profiles.cadre_key) as cadre_key,
    cast(null as bigint) as year,
    'marks' as dimension,
    coalesce(facts.marks, 0) - coalesce(profiles.marks, 0) as score
from (
    select cadre_key, count(*) as marks
    from {{ ref('fct_assessment') }}
    where cadre_key is not null
    group by cadre_key
) as facts
full outer join (
    select cadre_key, sum(marks) as marks
    from {{ ref('mart_ability_profile') }}
    group by cadre_key
) as profiles on facts.cadre_key = profiles.cadre_key
where coalesce(facts.marks, 0) <> coalesce(profiles.marks, 0)
