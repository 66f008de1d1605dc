-- Which units a unit code counts for: itself (direct) and its ancestors with itself (subtree). A code that
-- is no longer in the tree counts where its unit went (int_unit_known), one that never was (an orphan key)
-- for the root, so that totals never lose a person.
with

root as (

    select unit_code from {{ ref('int_unit_current') }} where parent_code is null

),

codes as (

    select unit_code from {{ ref('int_unit_known') }}
    union
    select unit_code from {{ ref('int_cadre_version') }}
    union
    select unit_code from {{ ref('int_cadre_post_span') }}

),

homes as (

    select codes.unit_code as member_code, coalesce(units.home_code, root.unit_code) as home_code
    from codes
    cross join root
    left join {{ ref('int_unit_known') }} as units on codes.unit_code = units.unit_code

)

select member_code, home_code as unit_code, 'direct' as scope
from homes

union all

select homes.member_code, closure.ancestor_code as unit_code, 'subtree' as scope
from homes
inner join {{ ref('int_unit_closure') }} as closure on homes.home_code = closure.descendant_code
