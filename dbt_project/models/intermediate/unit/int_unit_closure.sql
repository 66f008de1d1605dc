-- Every unit with each of its ancestors and itself.
with recursive

closure as (

    select unit_code as ancestor_code, unit_code as descendant_code, 0 as depth
    from {{ ref('int_unit_current') }}

    union all

    select closure.ancestor_code, child.unit_code as descendant_code, closure.depth + 1 as depth
    from closure
    inner join {{ ref('int_unit_current') }} as child on closure.descendant_code = child.parent_code

)

select ancestor_code, descendant_code, cast(depth as bigint) as depth
from closure
