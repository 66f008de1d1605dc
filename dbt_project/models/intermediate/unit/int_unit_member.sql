-- Which units a unit code counts for: itself (direct) and its ancestors with itself (subtree). A code that is
-- not in today's tree (an orphan key) counts for the root, so that totals never lose a person.
with

root as (

    select unit_code from {{ ref('int_unit_current') }} where parent_code is null

),

codes as (

    select unit_code from {{ ref('int_unit_current') }}
    union
    select unit_code from {{ ref('int_cadre_snapshot') }}
    union
    select unit_code from {{ ref('stg_cadre__post') }}

),

homes as (

    select codes.unit_code as member_code, coalesce(units.unit_code, root.unit_code) as home_code
    from codes
    cross join root
    left join {{ ref('int_unit_current') }} as units on codes.unit_code = units.unit_code

)

select member_code, home_code as unit_code, 'direct' as scope
from homes

union all

select homes.member_code, closure.ancestor_code as unit_code, 'subtree' as scope
from homes
inner join {{ ref('int_unit_closure') }} as closure on homes.home_code = closure.descendant_code
