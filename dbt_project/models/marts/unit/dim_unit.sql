select
    units.unit_code,
    units.unit_name,
    units.short_name,
    units.parent_code,
    cast(depths.unit_level as bigint) as level,
    units.category,
    units.region_code,
    units.is_active,
    units.successor_code
from {{ ref('int_unit_current') }} as units
inner join (
    select descendant_code, max(depth) + 1 as unit_level
    from {{ ref('int_unit_closure') }}
    group by descendant_code
) as depths on units.unit_code = depths.descendant_code
