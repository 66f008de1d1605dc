-- Figures that are no sum of days, worked out for each month's last day: full-time teachers lost within a
-- year, bases known, online courses on offer and how many of them somebody opened in the year.
with

periods as (

    select
        period_no,
        period_end,
        year_start,
        {{ add_years('period_end', -1) }} as year_before
    from {{ ref('int_plan_period') }}

),

teachers as (

    select * from {{ ref('stg_academic__teacher') }} where not is_deleted and teacher_kind = 'full_time'

),

uses as (

    select records.course_id, {{ local_date('records.started_at') }} as used_on
    from {{ ref('stg_academy__records') }} as records

    union all

    select records.course_id, {{ local_date('records.last_at') }} as used_on
    from {{ ref('stg_academy__records') }} as records

    union all

    select substr(activity_id, length('{{ var("academy_course_prefix") }}') + 1) as course_id, occurred_on
    from {{ ref('int_mobile_statement') }}
    -- who only rates a course has not opened it here
    where activity_id like '{{ var("academy_course_prefix") }}%' and verb <> 'rated'

),

first_uses as (

    select course_id, {{ year_of('used_on') }} as use_year, min(used_on) as first_used_on
    from uses
    where used_on is not null
    group by course_id, {{ year_of('used_on') }}

),

figures as (

    -- of those who were in post a year before: who has left since
    select
        periods.period_no,
        'full_time_a_year_before' as measure,
        count(*) as amount
    from periods
    inner join teachers
        on
            (teachers.joined_on is null or teachers.joined_on <= periods.year_before)
            and (teachers.left_on is null or teachers.left_on > periods.year_before)
    group by periods.period_no

    union all

    select
        periods.period_no,
        'full_time_lost' as measure,
        count(*) as amount
    from periods
    inner join teachers
        on
            (teachers.joined_on is null or teachers.joined_on <= periods.year_before)
            and teachers.left_on > periods.year_before
            and teachers.left_on <= periods.period_end
    group by periods.period_no

    union all

    select
        periods.period_no,
        'bases' as measure,
        count(*) as amount
    from periods
    cross join {{ ref('stg_academic__base') }} as bases
    where not bases.is_deleted
    group by periods.period_no

    union all

    select
        periods.period_no,
        'courses_on_offer' as measure,
        count(*) as amount
    from periods
    inner join {{ ref('stg_academy__courses') }} as courses
        on
            (courses.published_on is null or courses.published_on <= periods.period_end)
            and (courses.retired_on is null or courses.retired_on > periods.period_end)
    group by periods.period_no

    union all

    select
        periods.period_no,
        'courses_opened' as measure,
        count(*) as amount
    from periods
    inner join {{ ref('stg_academy__courses') }} as courses
        on
            (courses.published_on is null or courses.published_on <= periods.period_end)
            and (courses.retired_on is null or courses.retired_on > periods.period_end)
    inner join first_uses
        on
            courses.course_id = first_uses.course_id
            and first_uses.first_used_on >= periods.year_start
            and first_uses.first_used_on <= periods.period_end
    group by periods.period_no

)

select period_no, measure, cast(amount as double) as amount
from figures
