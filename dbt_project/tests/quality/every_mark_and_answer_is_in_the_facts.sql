-- Tests: each assessment mark and follow-up answer not deleted, of an enrolment that counts, is in the
-- facts once, and nothing else is.
-- Matters: a lost mark changes what stands in a cadre's file, a lost answer what is said of a class.
-- Resolve: take the key, and look at its enrolment, student and class in staging.
with

enrollments as (

    select enrollments.enrollment_id
    from {{ ref('stg_academic__enrollment') }} as enrollments
    inner join {{ ref('stg_academic__training_class') }} as classes
        on enrollments.class_id = classes.class_id
    left join {{ ref('stg_academic__student') }} as students on enrollments.student_id = students.student_id
    where
        not enrollments.is_deleted
        and not classes.is_deleted
        and not coalesce(students.is_deleted, false)

),

expected as (

    select 'assessment' as entity, assessments.assessment_id as key
    from {{ ref('stg_academic__assessment') }} as assessments
    inner join enrollments on assessments.enrollment_id = enrollments.enrollment_id
    where not assessments.is_deleted

    union all

    select 'follow_up' as entity, answers.follow_up_id as key
    from {{ ref('stg_academic__follow_up') }} as answers
    inner join enrollments on answers.enrollment_id = enrollments.enrollment_id
    where not answers.is_deleted

),

facts as (

    select 'assessment' as entity, assessment_id as key from {{ ref('fct_assessment') }}
    union all
    select 'follow_up' as entity, follow_up_id as key from {{ ref('fct_follow_up') }}

)

select
    coalesce(expected.entity, facts.entity) as entity,
    coalesce(expected.key, facts.key) as key,
    facts.key is not null as is_in_the_facts
from expected
full outer join facts on expected.entity = facts.entity and expected.key = facts.key
where expected.key is null or facts.key is null
