-- Tests: class by class the answers at six months or later are the same in fct_follow_up, mart_follow_up
-- and (finished classes) mart_class_follow_up, and a class counts as followed up exactly where there are
-- any.
-- Matters: the share of classes with a follow-up goes into the evaluation report.
-- Resolve: look at months_after of the class's answers, and at follow_up_min_months on the class's last
-- day.
with

classes as (

    select classes.class_id, classes.status, {{ policy_value('follow_up_min_months') }} as min_months
    from {{ ref('dim_training_class') }} as classes
    {{ join_policy_on('follow_up_min_months', 'classes.end_date') }}
    where classes.source = 'academic' and classes.evidence_grade = 'system'

),

facts as (

    select classes.class_id, count(*) as answers
    from classes
    inner join {{ ref('fct_follow_up') }} as follow_ups on classes.class_id = follow_ups.class_id
    where follow_ups.months_after >= classes.min_months
    group by classes.class_id

),

items as (

    select class_id, sum(answers) as answers
    from {{ ref('mart_follow_up') }}
    group by class_id

),

compared as (

    select
        classes.class_id,
        classes.status,
        coalesce(facts.answers, 0) as answers_of_facts,
        coalesce(items.answers, 0) as answers_of_items,
        class_follow_ups.class_id is not null as is_listed,
        class_follow_ups.answers as answers_of_class,
        class_follow_ups.follow_up_status
    from classes
    left join facts on classes.class_id = facts.class_id
    left join items on classes.class_id = items.class_id
    left join {{ ref('mart_class_follow_up') }} as class_follow_ups
        on classes.class_id = class_follow_ups.class_id

)

select *
from compared
where
    answers_of_facts <> answers_of_items
    or is_listed <> (coalesce(status, '') = 'finished')
    or answers_of_class <> answers_of_facts
    or (follow_up_status = 'done') <> (answers_of_facts > 0)
