-- Off-job classes that a cadre has to make up for (seed 003: whoever did not complete or pass is called up
-- again soon): failed, left or missed too much of, within the make-up period, none passed since.
with

enrollments as (

    select
        enrollments.enrollment_id,
        enrollments.cadre_key,
        enrollments.evidence_grade,
        enrollments.class_id,
        enrollments.start_date,
        enrollments.end_date,
        case
            when enrollments.result = 'passed' and hours.is_excess_leave then 'excess_leave'
            else enrollments.result
        end as result
    from {{ ref('int_enrollment') }} as enrollments
    inner join
        {{ ref('int_academic_enrollment_hours') }} as hours
        on enrollments.enrollment_id = hours.enrollment_id
    where
        enrollments.source = 'academic'
        and enrollments.mode = 'off_job'
        and enrollments.cadre_key is not null
        and enrollments.class_status = 'finished'
        and enrollments.end_date <= {{ as_of() }}

),

missed as (

    select
        enrollments.*,
        {{ add_years('enrollments.end_date', policy_value('make_up_years')) }} as due_on
    from enrollments
    {{ join_policy_on('make_up_years', 'enrollments.end_date') }}
    where enrollments.result in ('failed', 'withdrawn', 'excess_leave')

)

select
    missed.enrollment_id,
    missed.cadre_key,
    missed.evidence_grade,
    missed.class_id,
    missed.end_date,
    missed.result,
    missed.due_on
from missed
left join enrollments as later
    on
        missed.cadre_key = later.cadre_key
        and later.result = 'passed'
        and missed.end_date < later.start_date
where missed.due_on >= {{ as_of() }} and later.enrollment_id is null
