-- Tests: a proposed class is planned and off-job, starts after the business date and after the day up to
-- which the cadre is blocked; it shares no day with a class that the cadre is in or enrolled in, is the
-- first of its theme in its calendar year, and, if it is long, the first in five years. Recomputed from
-- the enrolments.
-- Matters: the list would send somebody to a class that may not be attended, or to two at once.
-- Resolve: find the enrolment and the class below in fct_enrollment and dim_training_class, then the bar
-- in int_call_up_offer that should have been set.
with

proposed as (

    select
        candidates.cadre_key,
        candidates.as_of,
        candidates.blocked_until,
        classes.class_id,
        classes.theme_code,
        classes.start_date,
        classes.end_date,
        classes.class_days,
        classes.status,
        classes.mode
    from {{ ref('mart_call_up_candidate') }} as candidates
    left join {{ ref('dim_training_class') }} as classes
        on
            candidates.suggested_class_id = classes.class_id
            and classes.source = 'academic'
            and classes.evidence_grade = 'system'
    where candidates.suggested_class_id is not null

),

held as (

    select
        enrollments.cadre_key,
        enrollments.class_id,
        classes.theme_code,
        enrollments.start_date,
        enrollments.end_date,
        enrollments.class_days,
        enrollments.result,
        enrollments.is_statutory
    from {{ ref('fct_enrollment') }} as enrollments
    inner join {{ ref('dim_training_class') }} as classes
        on
            enrollments.class_id = classes.class_id
            and enrollments.source = classes.source
            and enrollments.evidence_grade = classes.evidence_grade
    where
        enrollments.source = 'academic'
        and enrollments.mode = 'off_job'
        and enrollments.result <> 'withdrawn'
        and classes.status <> 'cancelled'

)

select
    proposed.cadre_key,
    proposed.class_id,
    'class' as fault
from proposed
where
    proposed.class_id is null
    or proposed.status <> 'planned'
    or proposed.mode <> 'off_job'
    or proposed.start_date <= proposed.as_of
    or proposed.start_date <= proposed.blocked_until

union all

select
    proposed.cadre_key,
    proposed.class_id,
    case
        when held.start_date <= proposed.end_date and proposed.start_date <= held.end_date then 'overlap'
        when
            held.theme_code = proposed.theme_code
            and {{ year_of('held.start_date') }} = {{ year_of('proposed.start_date') }}
            then 'same_theme'
        else 'long_class'
    end as fault
from proposed
inner join held
    on
        proposed.cadre_key = held.cadre_key
        and (
            (held.start_date <= proposed.end_date and proposed.start_date <= held.end_date)
            or (
                held.theme_code = proposed.theme_code
                and {{ year_of('held.start_date') }} = {{ year_of('proposed.start_date') }}
            )
            or (
                held.is_statutory
                and held.result in ('passed', 'enrolled')
                and held.class_days >= {{ policy('long_class_days') }}
                and proposed.class_days >= {{ policy('long_class_days') }}
                and held.start_date >= {{ window_start('proposed.start_date') }}
            )
        )
