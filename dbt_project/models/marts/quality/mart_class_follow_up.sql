-- Which finished classes were followed up half a year later, and which were forgotten.
with

classes as (

    select
        classes.*,
        {{ policy_value('follow_up_min_months') }} as min_months
    from {{ ref('dim_training_class') }} as classes
    {{ join_policy_on('follow_up_min_months', 'classes.end_date') }}
    where
        classes.source = 'academic'
        and classes.evidence_grade = 'system'
        and classes.status = 'finished'

),

enrollments as (

    select class_id, count(*) as enrollments
    from {{ ref('int_academic_enrollment') }}
    where evidence_grade = 'system'
    group by class_id

),

answers as (

    select
        follow_ups.class_id,
        count(*) as answers,
        count(distinct follow_ups.enrollment_id) as cadres_followed,
        avg(follow_ups.score) as mean_score
    from {{ ref('fct_follow_up') }} as follow_ups
    inner join classes on follow_ups.class_id = classes.class_id
    where follow_ups.months_after >= classes.min_months
    group by follow_ups.class_id

),

judged as (

    select
        classes.*,
        {{ add_months('classes.end_date', 'classes.min_months') }} as follow_up_due_on,
        coalesce(enrollments.enrollments, 0) as enrollments,
        coalesce(answers.answers, 0) as answers,
        coalesce(answers.cadres_followed, 0) as cadres_followed,
        answers.mean_score
    from classes
    left join enrollments on classes.class_id = enrollments.class_id
    left join answers on classes.class_id = answers.class_id

),

statuses as (

    select
        *,
        case
            when answers > 0 then 'done'
            when follow_up_due_on <= {{ as_of() }} then 'missing'
            else 'not_yet_due'
        end as follow_up_status
    from judged

)

select
    {{ as_of() }} as as_of,
    statuses.class_id,
    statuses.class_name,
    statuses.class_type,
    statuses.institution_id,
    statuses.organizer_unit_code,
    statuses.topic_code,
    statuses.is_main_class,
    statuses.end_date,
    statuses.follow_up_due_on,
    statuses.follow_up_status,
    labels.label_zh as follow_up_status_name,
    statuses.enrollments,
    statuses.cadres_followed,
    statuses.answers,
    round(statuses.mean_score, 6) as mean
from statuses
left join {{ ref('code_label') }} as labels
    on labels.code_list = 'follow_up_status' and statuses.follow_up_status = labels.code
