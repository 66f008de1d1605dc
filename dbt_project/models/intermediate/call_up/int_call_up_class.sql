-- Classes to which people can still be called up: planned, off-job at a recognised institution (other hours
-- count towards no target), starting after the business date, with a topic, and with seats left.
with

enrolled as (

    -- a seat is taken by whoever is enrolled, tied to a cadre or not
    select class_id, count(*) as seats_taken
    from {{ ref('int_academic_enrollment') }}
    where evidence_grade = 'system' and result <> 'withdrawn'
    group by class_id

)

select
    classes.class_id,
    classes.class_name,
    classes.theme_code,
    classes.topic_code,
    classes.start_date,
    classes.end_date,
    {{ year_of('classes.start_date') }} as start_year,
    classes.class_days >= {{ policy_value('long_class_days') }} as is_long,
    classes.planned_seats - coalesce(enrolled.seats_taken, 0) as free_seats
from {{ ref('int_training_class') }} as classes
left join enrolled on classes.class_id = enrolled.class_id
{{ join_policy_on('long_class_days', 'classes.start_date') }}
where
    classes.source = 'academic'
    and classes.evidence_grade = 'system'
    and classes.status = 'planned'
    and classes.mode = 'off_job'
    and classes.is_recognized
    and classes.start_date > {{ as_of() }}
    and classes.theme_code is not null
    and classes.topic_code is not null
    and classes.planned_seats > coalesce(enrolled.seats_taken, 0)
