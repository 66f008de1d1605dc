-- Which unit codes a unit stands for: itself, and a unit that was revoked or has vanished also its successors
-- (rules.md, identity).
with recursive

standing as (

    select unit_code, unit_code as stands_for_code, 0 as steps
    from {{ ref('int_unit_known') }}

    union all

    select standing.unit_code, units.successor_code as stands_for_code, standing.steps + 1 as steps
    from standing
    inner join {{ ref('int_unit_known') }} as units on standing.stands_for_code = units.unit_code
    where
        not (units.is_active and units.is_in_tree)
        and units.successor_code is not null
        and standing.steps < 10

)

select distinct unit_code, stands_for_code
from standing
