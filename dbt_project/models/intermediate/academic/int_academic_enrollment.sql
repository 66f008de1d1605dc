-- Enrolments of academic classes, database and back-fill, with the class. Whose they are is said once, where
-- they come into the ledger and into int_enrollment: nothing here waits for the identity of people.
with

enrollments as (

    select
        enrollments.enrollment_id,
        'system' as evidence_grade,
        enrollments.class_id,
        'academic' as link_source,
        enrollments.student_id as source_person_id,
        enrollments.result,
        enrollments.score,
        enrollments.hours as stated_hours,
        enrollments.batch_id,
        enrollments.source_file,
        enrollments.source_row
    from {{ ref('stg_academic__enrollment') }} as enrollments
    left join {{ ref('stg_academic__student') }} as students on enrollments.student_id = students.student_id
    -- a row whose parent is deleted is deleted with it; a missing student leaves the row unresolved
    where not enrollments.is_deleted and not coalesce(students.is_deleted, false)

    union all

    select
        enrollment_id,
        'backfill' as evidence_grade,
        class_id,
        'backfill' as link_source,
        enrollment_id as source_person_id,
        -- 是否合格 empty means yes (sources.md)
        case when coalesce(is_passed, true) then 'passed' else 'failed' end as result,
        cast(null as double) as score,
        hours as stated_hours,
        batch_id,
        source_file,
        source_row
    from {{ ref('int_backfill_enrollment') }}
    where counts

)

select
    enrollments.enrollment_id,
    enrollments.evidence_grade,
    enrollments.class_id,
    enrollments.link_source,
    enrollments.source_person_id,
    enrollments.result,
    enrollments.score,
    coalesce(enrollments.stated_hours, classes.planned_hours, 0) as hours_without_lessons,
    classes.mode,
    counted.mode is not null and (counted.institution is null or classes.is_recognized) as is_statutory,
    themes.topic_code as class_topic_code,
    classes.theme_code,
    classes.start_date,
    classes.end_date,
    classes.class_days,
    classes.status as class_status,
    enrollments.batch_id,
    enrollments.source_file,
    enrollments.source_row
from enrollments
inner join {{ ref('int_training_class') }} as classes
    on
        enrollments.class_id = classes.class_id
        and enrollments.evidence_grade = classes.evidence_grade
        and classes.source = 'academic'
left join {{ ref('counted_mode') }} as counted
    on
        counted.counts = 'statutory'
        and classes.mode = counted.mode
        and {{ in_force_on('counted', 'classes.end_date') }}
-- the map of the day on which the class counts, not today's
left join {{ ref('int_theme_topic_version') }} as themes
    on
        classes.theme_kind = themes.kind
        and classes.theme_key = themes.text_key
        and {{ in_force_on('themes', 'classes.end_date') }}
