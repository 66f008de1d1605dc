-- Open classes on the weakest topics of each candidate who is free, and what bars the cadre from one: a long
-- class in the five years before, a class of the theme in that year, a unit that may spare nobody on a day.
with

candidates as (

    select * from {{ ref('int_call_up_candidate') }} where overlap_until is null

),

wanted as (

    select
        candidates.cadre_key,
        candidates.unit_code,
        candidates.priority,
        candidates.long_class_until,
        topics.weakness,
        classes.class_id,
        classes.theme_code,
        classes.start_date,
        classes.end_date,
        classes.start_year,
        classes.is_long,
        classes.free_seats
    from candidates
    inner join {{ ref('int_call_up_topic') }} as topics
        on candidates.cadre_key = topics.cadre_key and topics.is_class_wanted
    inner join {{ ref('int_call_up_class') }} as classes on topics.topic_code = classes.topic_code
    -- whoever gave up a seat in the class is not asked again
    left join {{ ref('int_enrollment') }} as enrolled
        on
            candidates.cadre_key = enrolled.cadre_key
            and classes.class_id = enrolled.class_id
            and enrolled.source = 'academic'
            and enrolled.evidence_grade = 'system'
    where enrolled.enrollment_id is null

),

themes_attended as (

    select cadre_key, theme_code, start_year, count(*) as classes
    from {{ ref('int_call_up_enrollment') }}
    where theme_code is not null
    group by cadre_key, theme_code, start_year

),

unit_limits as (

    select
        unit_code,
        {{ most_in_class('due', policy('overdraw_share'), policy('overdraw_min')) }} as max_in_class
    from (
        select unit_code, count(*) as due
        from {{ ref('int_cadre_coverage') }}
        where is_current
        group by unit_code
    ) as units

),

unit_class_days as (

    select
        wanted.unit_code,
        wanted.class_id,
        -- on a day without a row nobody of the unit is in class
        coalesce(min(days.spare), max(unit_limits.max_in_class)) as unit_spare,
        max(case when days.spare = 0 then days.on_date end) as unit_full_until
    from (select distinct unit_code, class_id, start_date, end_date from wanted) as wanted
    inner join unit_limits on wanted.unit_code = unit_limits.unit_code
    left join {{ ref('int_unit_off_job_day') }} as days
        on
            wanted.unit_code = days.unit_code
            and days.on_date >= wanted.start_date
            and days.on_date <= wanted.end_date
    group by wanted.unit_code, wanted.class_id

),

barred as (

    select
        wanted.cadre_key,
        wanted.unit_code,
        wanted.priority,
        wanted.class_id,
        wanted.theme_code,
        wanted.start_date,
        wanted.end_date,
        wanted.free_seats,
        unit_class_days.unit_spare,
        row_number() over (
            partition by wanted.cadre_key order by wanted.weakness, wanted.start_date, wanted.class_id
        ) as preference,
        case
            when wanted.is_long and wanted.start_date <= wanted.long_class_until then wanted.long_class_until
        end as long_class_until,
        case
            when coalesce(themes_attended.classes, 0) >= {{ policy_value('same_theme_max') }}
                then {{ year_end('wanted.start_year') }}
        end as same_theme_until,
        unit_class_days.unit_full_until
    from wanted
    left join themes_attended
        on
            wanted.cadre_key = themes_attended.cadre_key
            and wanted.theme_code = themes_attended.theme_code
            and wanted.start_year = themes_attended.start_year
    left join unit_class_days
        on wanted.unit_code = unit_class_days.unit_code and wanted.class_id = unit_class_days.class_id
    {{ join_policy_on('same_theme_max', 'wanted.start_date') }}

)

select
    *,
    greatest(long_class_until, same_theme_until, unit_full_until) as barred_until,
    coalesce(long_class_until, same_theme_until, unit_full_until) is null as is_attendable
from barred
