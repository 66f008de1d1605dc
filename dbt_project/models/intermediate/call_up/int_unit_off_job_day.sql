-- How many of a unit's own due cadres are in off-job classes on a day, and how many may be: on every day of
-- the window with somebody in class, and on every coming day up to the end of the last known class.
with

due as (

    select cadre_key, unit_code from {{ ref('int_cadre_coverage') }} where is_current

),

unit_due as (

    select unit_code, count(*) as due from due group by unit_code

),

away as (

    select
        due.unit_code,
        enrollments.cadre_key,
        {{ each_day('enrollments.start_date', 'enrollments.end_date') }} as on_date
    from {{ ref('int_call_up_enrollment') }} as enrollments
    inner join due on enrollments.cadre_key = due.cadre_key
    where enrollments.is_recent

),

in_class as (

    select unit_code, on_date, count(distinct cadre_key) as in_class
    from away
    group by unit_code, on_date

),

last_class as (

    select max(end_date) as last_day
    from {{ ref('int_training_class') }}
    where source = 'academic' and status in ('planned', 'running') and end_date > {{ as_of() }}

),

coming_days as (

    select {{ each_day(add_days(as_of(), 1), 'last_class.last_day') }} as on_date
    from last_class
    where last_class.last_day is not null

),

unit_days as (

    select unit_code, on_date from in_class
    union
    select unit_due.unit_code, coming_days.on_date
    from unit_due
    cross join coming_days

),

counted as (

    select
        unit_days.unit_code,
        unit_days.on_date,
        unit_due.due,
        coalesce(in_class.in_class, 0) as in_class,
        -- more than the share, and at least the minimum, is too many; a whole number of cadres
        greatest(
            floor({{ policy_value('overdraw_share') }} * unit_due.due + 0.000001),
            {{ policy_value('overdraw_min') }} - 1
        ) as max_in_class
    from unit_days
    inner join unit_due on unit_days.unit_code = unit_due.unit_code
    left join in_class on unit_days.unit_code = in_class.unit_code and unit_days.on_date = in_class.on_date
    {{ join_policy_on('overdraw_share', 'unit_days.on_date') }}
    {{ join_policy_on('overdraw_min', 'unit_days.on_date') }}

)

select
    unit_code,
    on_date,
    cast(due as bigint) as due,
    cast(in_class as bigint) as in_class,
    cast(max_in_class as bigint) as max_in_class,
    cast(greatest(max_in_class - in_class, 0) as bigint) as spare,
    in_class > max_in_class as is_overdrawn
from counted
