-- The unit directly below the root to which each unit belongs: a department with its offices, a district or
-- county with its townships. The root is its own.
select
    closures.descendant_code as unit_code,
    branches.unit_code as branch_code,
    labels.unit_label as branch_unit
from {{ ref('int_unit_closure') }} as closures
inner join {{ ref('int_unit_current') }} as branches on closures.ancestor_code = branches.unit_code
inner join {{ ref('int_unit_label') }} as labels on branches.unit_code = labels.unit_code
left join {{ ref('int_unit_current') }} as parents on branches.parent_code = parents.unit_code
where
    (parents.unit_code is not null and parents.parent_code is null)
    or (branches.parent_code is null and closures.depth = 0)
