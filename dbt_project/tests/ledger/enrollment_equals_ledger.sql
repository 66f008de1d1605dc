-- Tests: the credited hours of an academic enrolment are the sum of its ledger rows.
-- Matters: a class's report and a cadre's coverage must not tell two stories of one enrolment.
-- Resolve: list the enrolment's rows in fct_training.
with

ledger as (

    select enrollment_id, sum(credited_hours) as credited_hours
    from {{ ref('fct_training') }}
    where enrollment_id is not null
    group by enrollment_id

)

select enrollments.enrollment_id, enrollments.credited_hours, ledger.credited_hours as ledger_hours
from {{ ref('fct_enrollment') }} as enrollments
left join ledger on enrollments.enrollment_id = ledger.enrollment_id
where
    enrollments.source = 'academic'
    and abs(enrollments.credited_hours - coalesce(ledger.credited_hours, 0)) > 0.05
