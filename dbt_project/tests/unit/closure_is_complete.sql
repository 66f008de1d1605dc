-- Tests: one root; every unit is its own ancestor; whatever is above a unit's parent is above the unit, one
-- level further; and nothing else stands in the closure (a unit has as many ancestors as its level says).
-- Matters: row-level security and every subtree figure hang on it: a hole hides a unit from its own managers.
-- Resolve: look at the parent_code of the unit below in int_unit_current, and at reparented_reason.
with

ancestors as (

    select
        closure.descendant_code as unit_code,
        count(*) as ancestors,
        sum(
            case when closure.depth = 0 and closure.ancestor_code = closure.descendant_code then 1 else 0 end
        ) as selves
    from {{ ref('dim_unit_closure') }} as closure
    group by closure.descendant_code

)

select units.unit_code, 'has not as many ancestors as its level' as fault
from {{ ref('dim_unit') }} as units
left join ancestors on units.unit_code = ancestors.unit_code
where units.level is distinct from ancestors.ancestors or ancestors.selves is distinct from 1

union all

select units.unit_code, 'lacks an ancestor of its parent' as fault
from {{ ref('dim_unit') }} as units
inner join
    {{ ref('dim_unit_closure') }} as parent_closure
    on units.parent_code = parent_closure.descendant_code
left join {{ ref('dim_unit_closure') }} as own_closure
    on
        units.unit_code = own_closure.descendant_code
        and parent_closure.ancestor_code = own_closure.ancestor_code
        and parent_closure.depth + 1 = own_closure.depth
where own_closure.descendant_code is null

union all

select cast(count(*) as varchar) as unit_code, 'is the number of roots' as fault
from {{ ref('dim_unit') }}
where parent_code is null
having count(*) <> 1
