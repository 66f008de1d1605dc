{% set all = "'all'" -%}
{% set method = "coalesce(method, 'unknown')" -%}
-- What happened in classes, day by day, as the indicators count it: classes held, people in them, results,
-- seats, lessons, attendance, follow-up. The day is the one on which it counts.
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

lessons as (

    select
        lessons.lesson_id,
        lessons.class_id,
        lessons.lesson_date,
        lessons.hours,
        lessons.teacher_id,
        courses.method,
        teachers.teacher_kind,
        coalesce(classes.is_main_class, false) as is_main_class,
        coalesce(topics.group_code, 'unclassified') as group_code
    from {{ ref('int_academic_lesson') }} as lessons
    inner join classes
        on
            classes.source = 'academic'
            and classes.evidence_grade = 'system'
            and lessons.class_id = classes.class_id
    inner join {{ ref('stg_academic__course') }} as courses on lessons.course_id = courses.course_id
    left join {{ ref('stg_academic__teacher') }} as teachers
        on lessons.teacher_id = teachers.teacher_id and not teachers.is_deleted
    left join {{ ref('int_course_source') }} as course_topics
        on course_topics.source = 'academic' and lessons.course_id = course_topics.source_course_id
    left join {{ ref('topic') }} as topics
        on coalesce(course_topics.topic_code, classes.topic_code) = topics.topic_code

),

marks as (

    select
        attendance.attendance_status,
        lessons.lesson_date,
        row_number() over (
            partition by attendance.enrollment_id, attendance.lesson_id
            order by attendance.updated_at desc, attendance.attendance_id desc
        ) as choice
    from {{ ref('stg_academic__attendance') }} as attendance
    inner join lessons on attendance.lesson_id = lessons.lesson_id
    inner join {{ ref('int_academic_enrollment') }} as members
        on attendance.enrollment_id = members.enrollment_id and lessons.class_id = members.class_id
    where not attendance.is_deleted

),

bases as (

    -- once a year each: counted in the year to date only
    select
        base_id,
        start_date,
        row_number()
            over (partition by base_id, {{ year_of('start_date') }} order by start_date, class_id)
            as use_no
    from {{ ref('stg_academic__training_class') }}
    where base_id is not null and not is_deleted and coalesce(status, '') <> 'cancelled'

),

leaders as (

    -- once a year each: counted in the year to date only
    select
        lesson_date,
        row_number()
            over (partition by teacher_id, {{ year_of('lesson_date') }} order by lesson_date, lesson_id)
            as lesson_no
    from lessons
    where teacher_kind = 'leader'

),

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

    -- an answer before its time counts when its time has come
    select
        {{ add_months('classes.end_date', policy_value('follow_up_min_months')) }} as due_on,
        answered.answered_on
    from classes
    {{ join_policy_on('follow_up_min_months', 'classes.end_date') }}
    left join answered on classes.class_id = answered.class_id
    where
        classes.source = 'academic'
        -- a workbook has no follow-up sheet
        and classes.evidence_grade = 'system'
        and classes.status = 'finished'

),

events as (
{%- set events = [
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
    ('lessons', "'course_method'", method, 'lesson_date', '1', 'lessons', 'true'),
    ('lesson_hours', "'course_method'", method, 'lesson_date', 'hours', 'lessons', 'true'),
    ('lesson_hours_of_known_method', all, all, 'lesson_date', 'hours', 'lessons', 'method is not null'),
    ('interactive_hours', all, all, 'lesson_date', 'hours', 'lessons', "method <> 'lecture'"),
    ('main_class_hours', all, all, 'lesson_date', 'hours', 'lessons', 'is_main_class'),
    ('main_class_theory_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and group_code = 'theory'"),
    ('main_class_party_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and group_code = 'party'"),
    ('main_class_theory_party_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and group_code in ('theory', 'party')"),
    ('main_class_leader_hours', all, all, 'lesson_date', 'hours', 'lessons',
        "is_main_class and teacher_kind = 'leader'"),
    ('leader_lessons', all, all, 'lesson_date', '1', 'lessons', "teacher_kind = 'leader'"),
    ('leaders_lecturing', all, all, 'lesson_date', '1', 'leaders', 'lesson_no = 1'),
    ('bases_used', all, all, 'start_date', '1', 'bases', 'use_no = 1'),
    ('attendance_violations', "'attendance_violation'", 'attendance_status', 'lesson_date', '1', 'marks',
        "choice = 1 and attendance_status in ('late', 'absent')"),
    ('follow_ups_due', all, all, 'due_on', '1', 'follow_ups', 'true'),
    ('classes_followed_up', all, all, 'greatest(due_on, answered_on)', '1', 'follow_ups',
        'answered_on is not null'),
] %}
    {% for measure, breakdown_list, breakdown, event_date, amount, facts, condition in events %}
    {{ 'union all' if not loop.first }}
    select
        '{{ measure }}' as measure,
        {{ breakdown_list }} as breakdown_list,
        {{ breakdown }} as breakdown,
        {{ event_date }} as event_date,
        {{ amount }} as amount
    from {{ facts }}
    where {{ condition }}
    {% endfor %}
)

select
    measure,
    breakdown_list,
    breakdown,
    event_date,
    -- exact to a tenth: the order of adding must not show
    round(cast(sum(amount) as double), 1) as amount
from events
where event_date is not null and event_date <= {{ as_of() }}
group by measure, breakdown_list, breakdown, event_date
