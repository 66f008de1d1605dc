{% set all = "'all'" -%}
-- Classes held, day by day, as the indicators count them: classes, people in them, results, seats. A class
-- counts on its last day, its seats on its first.
with

classes as (

    select
        classes.*,
        institutions.institution_kind,
        institutions.institution_level
    from {{ ref('int_training_class') }} as classes
    left join {{ ref('stg_academic__institution') }} as institutions
        on classes.institution_id = institutions.institution_id and not institutions.is_deleted
    where coalesce(classes.status, '') <> 'cancelled'

),

enrollments as (

    select * from {{ ref('int_enrollment') }}

),

-- Held: finished (an online class has no status: its last day has come).
held as (

    select
        classes.source,
        classes.class_id,
        classes.evidence_grade,
        classes.class_type,
        classes.mode,
        classes.institution_kind,
        classes.institution_level,
        classes.end_date,
        count(enrollments.enrollment_id) as person_times
    from classes
    left join enrollments
        on
            classes.source = enrollments.source
            and classes.evidence_grade = enrollments.evidence_grade
            and classes.class_id = enrollments.class_id
            and coalesce(enrollments.result, '') <> 'withdrawn'
    where classes.source = 'academy' or classes.status = 'finished'
    group by
        classes.source,
        classes.class_id,
        classes.evidence_grade,
        classes.class_type,
        classes.mode,
        classes.institution_kind,
        classes.institution_level,
        classes.end_date

),

held_by as (

    select 'all' as breakdown_list, 'all' as breakdown, end_date, person_times from held
    union all
    select 'class_mode' as breakdown_list, mode as breakdown, end_date, person_times from held
    {% for column in ['class_type', 'institution_kind', 'institution_level'] -%}
    union all
    select
        '{{ column }}' as breakdown_list,
        coalesce({{ column }}, 'unknown') as breakdown,
        end_date,
        person_times
    from held
    where source = 'academic'
    {% endfor %}

),

scored as (

    select
        enrollments.end_date,
        coalesce(classes.is_main_class, false) as is_main_class,
        case when enrollments.score >= {{ policy_value('excellent_or_good_score') }} then 1 else 0 end
            as is_good
    from enrollments
    inner join classes
        on
            enrollments.source = classes.source
            and enrollments.evidence_grade = classes.evidence_grade
            and enrollments.class_id = classes.class_id
    {{ join_policy_on('excellent_or_good_score', 'enrollments.end_date') }}
    where
        enrollments.source = 'academic'
        and classes.status = 'finished'
        and enrollments.score is not null

),

seats as (

    select
        classes.start_date,
        classes.planned_seats,
        count(enrollments.enrollment_id) as enrolled
    from classes
    left join enrollments
        on
            enrollments.source = 'academic'
            and classes.evidence_grade = enrollments.evidence_grade
            and classes.class_id = enrollments.class_id
    where
        classes.source = 'academic'
        -- a workbook states heads, not seats
        and classes.evidence_grade = 'system'
        and classes.planned_seats > 0
    group by classes.class_id, classes.start_date, classes.planned_seats

),

{{ sum_plan_events([
    ('classes', 'breakdown_list', 'breakdown', 'end_date', '1', 'held_by', 'true'),
    ('person_times', 'breakdown_list', 'breakdown', 'end_date', 'person_times', 'held_by', 'true'),
    ('classes_of_known_level', all, all, 'end_date', '1', 'held', 'institution_level is not null'),
    ('county_level_classes', all, all, 'end_date', '1', 'held', "institution_level = 'county'"),
    ('scored_results', all, all, 'end_date', '1', 'scored', 'true'),
    ('good_results', all, all, 'end_date', 'is_good', 'scored', 'true'),
    ('main_class_scored_results', all, all, 'end_date', '1', 'scored', 'is_main_class'),
    ('main_class_good_results', all, all, 'end_date', 'is_good', 'scored', 'is_main_class'),
    ('planned_seats', all, all, 'start_date', 'planned_seats', 'seats', 'true'),
    ('enrolled', all, all, 'start_date', 'enrolled', 'seats', 'true'),
]) }}
