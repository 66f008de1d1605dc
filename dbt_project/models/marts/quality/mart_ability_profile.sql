-- Marks of a year's classes, weighted by who gave them; of a cadre whom not all kinds of assessor marked, the
-- weights of those that did make up the whole.
with

marks as (

    select
        assessments.cadre_key,
        {{ year_of('classes.end_date') }} as year,
        assessments.dimension,
        assessments.assessor_kind,
        assessments.score,
        case assessments.assessor_kind
            when 'head_teacher' then {{ policy_value('ability_weight_head_teacher') }}
            when 'lecturer' then {{ policy_value('ability_weight_lecturer') }}
            when 'liaison' then {{ policy_value('ability_weight_liaison') }}
            when 'peer' then {{ policy_value('ability_weight_peer') }}
        end as weight
    from {{ ref('fct_assessment') }} as assessments
    inner join {{ ref('dim_training_class') }} as classes
        on
            assessments.class_id = classes.class_id
            and classes.source = 'academic'
            and classes.evidence_grade = 'system'
    {{ join_policy_on('ability_weight_head_teacher', 'classes.end_date') }}
    {{ join_policy_on('ability_weight_lecturer', 'classes.end_date') }}
    {{ join_policy_on('ability_weight_liaison', 'classes.end_date') }}
    {{ join_policy_on('ability_weight_peer', 'classes.end_date') }}
    where assessments.cadre_key is not null

),

-- ten fellow students weigh as much as one: the marks of a kind are one voice
kinds as (

    select
        cadre_key,
        year,
        dimension,
        assessor_kind,
        count(*) as marks,
        avg(score) as score,
        avg(weight) as weight
    from marks
    group by cadre_key, year, dimension, assessor_kind

),

profiles as (

    select
        cadre_key,
        year,
        dimension,
        cast(sum(marks) as bigint) as marks,
        count(*) as assessor_kinds,
        sum(weight) as weight_present,
        sum(score * weight) as weighted_sum,
        max(case when assessor_kind = 'head_teacher' then score end) as head_teacher_score,
        max(case when assessor_kind = 'lecturer' then score end) as lecturer_score,
        max(case when assessor_kind = 'liaison' then score end) as liaison_score,
        max(case when assessor_kind = 'peer' then score end) as peer_score
    from kinds
    group by cadre_key, year, dimension

)

select
    profiles.cadre_key,
    cadres.unit_code,
    cadres.rank_group,
    profiles.year,
    profiles.dimension,
    dimensions.label_zh as dimension_name,
    -- rounded, so that the order of adding does not show
    round({{ rate('profiles.weighted_sum', 'profiles.weight_present') }}, 6) as score,
    round(profiles.head_teacher_score, 6) as head_teacher_score,
    round(profiles.lecturer_score, 6) as lecturer_score,
    round(profiles.liaison_score, 6) as liaison_score,
    round(profiles.peer_score, 6) as peer_score,
    profiles.assessor_kinds,
    profiles.marks,
    round(profiles.weight_present, 6) as weight_present
from profiles
left join {{ ref('dim_cadre') }} as cadres on profiles.cadre_key = cadres.cadre_key
left join {{ ref('code_label') }} as dimensions
    on dimensions.code_list = 'ability_dimension' and profiles.dimension = dimensions.code
