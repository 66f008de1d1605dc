-- How many of a unit's own due cadres are in off-job classes, and how many may be, on every day on which
-- somebody is: of classes that start in the window, planned ones too.
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

counted as (

    select
        in_class.unit_code,
        in_class.on_date,
        unit_due.due,
        in_class.in_class,
        {{ most_in_class(
            'unit_due.due', policy_value('overdraw_share'), policy_value('overdraw_min')
        ) }} as max_in_class
    from in_class
    inner join unit_due on in_class.unit_code = unit_due.unit_code
    {{ join_policy_on('overdraw_share', 'in_class.on_date') }}
    {{ join_policy_on('overdraw_min', 'in_class.on_date') }}

)

select
    unit_code,
    on_date,
    cast(due as bigint) as due,
    cast(in_class as bigint) as in_class,
    max_in_class,
    greatest(max_in_class - in_class, 0) as spare,
    in_class > max_in_class as is_overdrawn
from counted
