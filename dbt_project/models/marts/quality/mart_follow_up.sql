-- Answers given half a year or later after the class, by class and question (classes that nobody followed up
-- are in mart_class_follow_up).
with

classes as (

    select *
    from {{ ref('dim_training_class') }}
    where source = 'academic' and evidence_grade = 'system'

),

answers as (

    select
        follow_ups.class_id,
        follow_ups.item,
        follow_ups.enrollment_id,
        follow_ups.respondent_kind,
        follow_ups.score
    from {{ ref('fct_follow_up') }} as follow_ups
    inner join classes on follow_ups.class_id = classes.class_id
    {{ join_policy_on('follow_up_min_months', 'classes.end_date') }}
    where follow_ups.months_after >= {{ policy_value('follow_up_min_months') }}

),

items as (

    select
        class_id,
        item,
        count(*) as answers,
        count(distinct enrollment_id) as cadres_followed,
        avg(score) as mean_score,
        avg(case when respondent_kind = 'self' then score end) as self_mean,
        avg(case when respondent_kind = 'peer' then score end) as peer_mean,
        avg(case when respondent_kind = 'leader' then score end) as leader_mean,
        avg(case when respondent_kind = 'public' then score end) as public_mean
    from answers
    group by class_id, item

)

select
    items.class_id,
    classes.class_name,
    classes.institution_id,
    classes.organizer_unit_code,
    classes.topic_code,
    classes.is_main_class,
    classes.end_date,
    items.item,
    labels.label_zh as item_name,
    items.answers,
    items.cadres_followed,
    -- rounded, so that the order of adding does not show
    round(items.mean_score, 6) as mean,
    round(items.self_mean, 6) as self_mean,
    round(items.peer_mean, 6) as peer_mean,
    round(items.leader_mean, 6) as leader_mean,
    round(items.public_mean, 6) as public_mean
from items
inner join classes on items.class_id = classes.class_id
left join {{ ref('code_label') }} as labels
    on labels.code_list = 'follow_up_item' and items.item = labels.code
