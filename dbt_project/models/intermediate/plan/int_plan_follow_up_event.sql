{% set all = "'all'" -%}
-- Classes that were due for follow-up, and those that had any by then (follow-up long enough after the class:
-- parameter follow_up_min_months).
with

answered as (

    select
        enrollments.class_id,
        min(coalesce(
            answers.answered_on, {{ add_months('enrollments.end_date', 'answers.months_after') }}
        )) as answered_on
    from {{ ref('stg_academic__follow_up') }} as answers
    inner join {{ ref('int_academic_enrollment') }} as enrollments
        on answers.enrollment_id = enrollments.enrollment_id
    {{ join_policy_on('follow_up_min_months', 'enrollments.end_date') }}
    where
        not answers.is_deleted
        and answers.months_after >= {{ policy_value('follow_up_min_months') }}
    group by enrollments.class_id

),

follow_ups as (

    select
        {{ add_months('classes.end_date', policy_value('follow_up_min_months')) }} as due_on,
        answered.answered_on
    from {{ ref('int_training_class') }} as classes
    {{ join_policy_on('follow_up_min_months', 'classes.end_date') }}
    left join answered on classes.class_id = answered.class_id
    where
        classes.source = 'academic'
        -- a workbook has no follow-up sheet
        and classes.evidence_grade = 'system'
        and classes.status = 'finished'

),

-- A class that was due before the Plan is not in it, whenever it was followed up. An answer before its time
-- counts when its time has come.
in_plan as (

    select
        due_on,
        case when answered_on is not null then greatest(due_on, answered_on) end as followed_up_on
    from follow_ups
    where due_on >= cast({{ policy_text('plan_start') }} as date)

),

{{ sum_plan_events([
    ('follow_ups_due', all, all, 'due_on', '1', 'in_plan', 'true'),
    ('classes_followed_up', all, all, 'followed_up_on', '1', 'in_plan', 'true'),
]) }}
