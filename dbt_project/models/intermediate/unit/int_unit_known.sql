-- Every unit that any snapshot ever had, as the newest one that has it says, and where it counts today:
-- itself while it is in the tree; a unit that has vanished counts for its last known successor, failing that
-- for its last known parent, and so on until a unit of the tree; failing that for the root.
with recursive

newest as (

    select unit_code, max(business_date) as business_date
    from {{ ref('stg_cadre__unit') }}
    group by unit_code

),

known as (

    select
        units.unit_code,
        units.unit_name,
        units.parent_code,
        units.successor_code,
        units.is_active,
        units.business_date as last_seen_on,
        tree.unit_code is not null as is_in_tree
    from newest
    inner join {{ ref('stg_cadre__unit') }} as units
        on newest.unit_code = units.unit_code and newest.business_date = units.business_date
    left join {{ ref('int_unit_current') }} as tree on newest.unit_code = tree.unit_code

),

steps as (

    -- one step up from each vanished unit; a successor that nobody knows leads nowhere: the parent then
    select
        known.unit_code,
        coalesce(successor.unit_code, parent.unit_code) as next_code
    from known
    left join known as successor
        on known.successor_code = successor.unit_code and known.successor_code <> known.unit_code
    left join known as parent
        on known.parent_code = parent.unit_code and known.parent_code <> known.unit_code
    where not known.is_in_tree

),

ways as (

    select unit_code, unit_code as reached_code, 0 as steps
    from known

    union all

    -- thirty steps are far beyond any real tree: a way that long runs in a circle
    select ways.unit_code, steps.next_code as reached_code, ways.steps + 1 as steps
    from ways
    inner join steps on ways.reached_code = steps.unit_code
    where steps.next_code is not null and ways.steps < 30

),

-- a way ends at the first unit of the tree
homes as (

    select ways.unit_code, ways.reached_code as home_code
    from ways
    inner join {{ ref('int_unit_current') }} as tree on ways.reached_code = tree.unit_code

),

root as (

    select unit_code from {{ ref('int_unit_current') }} where parent_code is null

)

select
    known.unit_code,
    known.unit_name,
    known.parent_code,
    known.successor_code,
    known.is_active,
    known.last_seen_on,
    known.is_in_tree,
    coalesce(homes.home_code, root.unit_code) as home_code
from known
cross join root
left join homes on known.unit_code = homes.unit_code
