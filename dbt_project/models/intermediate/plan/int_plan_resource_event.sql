{% set all = "'all'" -%}
{% set kind = "coalesce(teacher_kind, 'unknown')" -%}
{% set long_ago = "date '1900-01-01'" -%}
-- What teachers, courses, the academy and the app gained and lost, day by day: added up to a day it is the
-- stock on that day. An unknown first day lies before all others.
with

teachers as (

    select
        teacher_kind,
        coalesce(joined_on, {{ long_ago }}) as from_date,
        left_on as to_date
    from {{ ref('stg_academic__teacher') }}
    where not is_deleted and (left_on is null or joined_on is null or left_on > joined_on)

),

academic_courses as (

    select * from {{ ref('stg_academic__course') }} where not is_deleted

),

academy_courses as (

    select * from {{ ref('stg_academy__courses') }}

),

courses as (

    select
        'academic' as source,
        coalesce(is_local, false) as is_local,
        method,
        hours,
        coalesce(developed_on, {{ long_ago }}) as from_date,
        cast(null as date) as to_date
    from academic_courses

    union all

    select
        'academy' as source,
        coalesce(is_local, false) as is_local,
        cast(null as varchar) as method,
        coalesce(credit_hours, round(duration_seconds / {{ policy('seconds_per_credit_hour') }}, 1)) as hours,
        coalesce(published_on, {{ long_ago }}) as from_date,
        retired_on as to_date
    from academy_courses
    where retired_on is null or published_on is null or retired_on > published_on

),

records as (

    select
        records.user_id,
        courses.requires_exam,
        records.is_passed,
        {{ local_date('records.started_at') }} as started_on,
        {{ local_date('coalesce(records.completed_at, records.last_at, records.started_at)') }} as exam_on
    from {{ ref('stg_academy__records') }} as records
    inner join academy_courses as courses on records.course_id = courses.course_id

),

-- The academy gives no day of registration: the first trace of an account stands for it.
first_records as (

    select user_id, min(started_on) as first_on
    from records
    group by user_id

),

accounts as (

    select
        least(
            {{ local_date('users.updated_at') }},
            coalesce(first_records.first_on, {{ local_date('users.updated_at') }})
        ) as first_on
    from {{ ref('stg_academy__users') }} as users
    left join first_records on users.user_id = first_records.user_id
    where coalesce(users.user_status, '') <> 'disabled'

),

mobile_users as (

    -- once a year each: counted in the year to date only
    select user_id, min(occurred_on) as first_on
    from {{ ref('int_mobile_statement') }}
    group by user_id, activity_year

),

{{ sum_plan_events([
    ('teachers', "'teacher_kind'", kind, 'from_date', '1', 'teachers', 'true'),
    ('teachers', "'teacher_kind'", kind, 'to_date', '-1', 'teachers', 'true'),
    ('courses', "'course_source'", 'source', 'from_date', '1', 'courses', 'true'),
    ('courses', "'course_source'", 'source', 'to_date', '-1', 'courses', 'true'),
    ('local_courses', "'course_source'", 'source', 'from_date', '1', 'courses', 'is_local'),
    ('local_courses', "'course_source'", 'source', 'to_date', '-1', 'courses', 'is_local'),
    ('course_hours', "'course_source'", 'source', 'from_date', 'hours', 'courses', 'true'),
    ('course_hours', "'course_source'", 'source', 'to_date', '-hours', 'courses', 'true'),
    ('local_course_hours', "'course_source'", 'source', 'from_date', 'hours', 'courses', 'is_local'),
    ('local_course_hours', "'course_source'", 'source', 'to_date', '-hours', 'courses', 'is_local'),
    ('case_courses', all, all, 'from_date', '1', 'courses', "method = 'case'"),
    ('local_case_courses', all, all, 'from_date', '1', 'courses', "method = 'case' and is_local"),
    ('academy_users', all, all, 'first_on', '1', 'accounts', 'true'),
    ('exams', all, all, 'exam_on', '1', 'records', 'requires_exam and is_passed is not null'),
    ('exams_passed', all, all, 'exam_on', '1', 'records', 'requires_exam and is_passed'),
    ('mobile_users', all, all, 'first_on', '1', 'mobile_users', 'true'),
]) }}
having sum(amount) is not null
