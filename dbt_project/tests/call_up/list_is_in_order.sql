-- Tests: places are 1 to n without a gap; red lights stand before yellow ones, and within a light more
-- missing hours before fewer.
-- Matters: seats are given out in this order; a wrong one sends the wrong person to a class.
-- Resolve: look at the order in int_call_up_candidate and at the two neighbours named below.
with

listed as (

    select
        cadre_key,
        priority,
        light,
        missing_hours,
        row_number() over (order by priority) as place,
        lag(light) over (order by priority) as light_before,
        lag(missing_hours) over (order by priority) as hours_before
    from {{ ref('mart_call_up_candidate') }}

)

select *
from listed
where
    priority <> place
    or (light = 'red' and light_before = 'yellow')
    or (light = light_before and missing_hours > hours_before)
