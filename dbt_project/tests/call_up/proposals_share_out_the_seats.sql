-- Tests: no class is proposed to more cadres than it has seats left; and if all proposals were accepted,
-- no day of theirs would see more of a unit in class than may be.
-- Matters: the whole list is acted on in one morning; proposals that cannot all be accepted call people up
-- for nothing, or empty an office.
-- Resolve: follow the rounds of int_call_up_assignment for the class or unit below.
with

proposed as (

    select
        candidates.cadre_key,
        candidates.unit_code,
        classes.class_id,
        classes.planned_seats,
        classes.start_date,
        classes.end_date
    from {{ ref('mart_call_up_candidate') }} as candidates
    inner join {{ ref('dim_training_class') }} as classes
        on
            candidates.suggested_class_id = classes.class_id
            and classes.source = 'academic'
            and classes.evidence_grade = 'system'

),

enrolled as (

    select class_id, count(*) as seats_taken
    from {{ ref('fct_enrollment') }}
    where source = 'academic' and evidence_grade = 'system' and result <> 'withdrawn'
    group by class_id

),

away as (

    select
        cadres.unit_code,
        enrollments.cadre_key,
        {{ each_day('enrollments.start_date', 'enrollments.end_date') }} as on_date
    from {{ ref('fct_enrollment') }} as enrollments
    inner join {{ ref('dim_training_class') }} as classes
        on
            enrollments.class_id = classes.class_id
            and enrollments.evidence_grade = classes.evidence_grade
            and classes.source = 'academic'
    inner join {{ ref('mart_cadre_coverage') }} as cadres on enrollments.cadre_key = cadres.cadre_key
    where
        enrollments.source = 'academic'
        and enrollments.mode = 'off_job'
        and enrollments.result <> 'withdrawn'
        and classes.status in ('planned', 'running')

    union

    select
        unit_code,
        cadre_key,
        {{ each_day('start_date', 'end_date') }} as on_date
    from proposed

),

proposed_days as (

    select distinct unit_code, {{ each_day('start_date', 'end_date') }} as on_date from proposed

),

unit_due as (

    select unit_code, count(*) as due from {{ ref('mart_cadre_coverage') }} group by unit_code

)

select
    proposed.class_id as overfull,
    cast(null as date) as on_date,
    count(*) as proposals
from proposed
left join enrolled on proposed.class_id = enrolled.class_id
group by proposed.class_id, proposed.planned_seats, enrolled.seats_taken
having count(*) > coalesce(proposed.planned_seats, 0) - coalesce(enrolled.seats_taken, 0)

union all

select
    away.unit_code as overfull,
    away.on_date,
    count(distinct away.cadre_key) as proposals
from proposed_days
inner join away on proposed_days.unit_code = away.unit_code and proposed_days.on_date = away.on_date
inner join unit_due on away.unit_code = unit_due.unit_code
group by away.unit_code, away.on_date, unit_due.due
having
    count(distinct away.cadre_key) > {{ policy('overdraw_share') }} * unit_due.due + 0.000001
    and count(distinct away.cadre_key) >= {{ policy('overdraw_min') }}
