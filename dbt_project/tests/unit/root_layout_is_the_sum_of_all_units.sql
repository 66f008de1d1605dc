-- Tests: the root's layout (subtree) is the sum of every unit's own layout: hours and person-times, in both
-- attributions.
-- Matters: training must not disappear because a unit was revoked or a cadre moved.
-- Resolve: look in int_unit_member for a unit code of fct_training (unit_code_then, unit_code_now) that has
-- no home.
with

root as (

    select
        layout.attribution,
        layout.year,
        layout.topic_code,
        layout.mode,
        layout.credited_hours,
        layout.person_times
    from {{ ref('mart_unit_layout') }} as layout
    inner join {{ ref('dim_unit') }} as units on layout.unit_code = units.unit_code
    where units.parent_code is null and layout.scope = 'subtree'

),

direct as (

    select
        attribution,
        year,
        topic_code,
        mode,
        sum(credited_hours) as credited_hours,
        sum(person_times) as person_times
    from {{ ref('mart_unit_layout') }}
    where scope = 'direct'
    group by attribution, year, topic_code, mode

)

select
    coalesce(root.attribution, direct.attribution) as attribution,
    coalesce(root.year, direct.year) as year,
    coalesce(root.topic_code, direct.topic_code) as topic_code,
    coalesce(root.mode, direct.mode) as mode,
    root.credited_hours as hours_of_root,
    direct.credited_hours as hours_of_units,
    root.person_times as person_times_of_root,
    direct.person_times as person_times_of_units
from root
full outer join direct
    on
        root.attribution = direct.attribution
        and root.year = direct.year
        and root.topic_code = direct.topic_code
        and root.mode = direct.mode
where
    abs(coalesce(root.credited_hours, 0) - coalesce(direct.credited_hours, 0)) > 0.05
    or root.person_times is distinct from direct.person_times
