{% set all = "'all'" -%}
-- Repeat and overlapping call-ups, on the day on which each came about (rules.md, repeat, overlapping and
-- missed call-up; mart_call_up_issue names them as they stand at the business date).
with

enrollments as (

    select * from {{ ref('int_call_up_enrollment') }} where start_date <= {{ as_of() }}

),

long_classes as (

    select * from enrollments where is_long and result = 'passed'

),

long_class_repeats as (

    -- one class too many: more than the limit began in the window that ends with its first day
    select this.start_date as event_date
    from long_classes as this
    inner join long_classes as earlier
        on
            this.cadre_key = earlier.cadre_key
            and earlier.start_date >= {{ window_start('this.start_date') }}
            and (
                earlier.start_date < this.start_date
                or (earlier.start_date = this.start_date and earlier.enrollment_id <= this.enrollment_id)
            )
    {{ join_policy_on('long_class_max', 'this.start_date') }}
    group by this.enrollment_id, this.start_date, {{ policy_value('long_class_max') }}
    having count(*) > {{ policy_value('long_class_max') }}

),

theme_classes as (

    select
        start_date,
        row_number() over (
            partition by cadre_key, theme_code, start_year
            order by start_date, enrollment_id
        ) as class_no
    from enrollments
    where theme_code is not null

),

same_theme_repeats as (

    -- one finding a cadre, theme and year, from the class on that was one too many
    select theme_classes.start_date as event_date
    from theme_classes
    {{ join_policy_on('same_theme_max', 'theme_classes.start_date') }}
    where theme_classes.class_no = {{ policy_value('same_theme_max') }} + 1

),

overlapping as (

    select greatest(this.start_date, other.start_date) as event_date
    from enrollments as this
    inner join enrollments as other
        on
            this.cadre_key = other.cadre_key
            and this.enrollment_id < other.enrollment_id
            and this.start_date <= other.end_date
            and other.start_date <= this.end_date

),

{{ sum_plan_events([
    ('long_class_repeats', all, all, 'event_date', '1', 'long_class_repeats', 'true'),
    ('same_theme_repeats', all, all, 'event_date', '1', 'same_theme_repeats', 'true'),
    ('overlaps', all, all, 'event_date', '1', 'overlapping', 'true'),
]) }}
