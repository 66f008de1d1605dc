-- Tests: on every report date the subtree of a unit is its own cadres and the subtrees directly below it.
-- Matters: the trend of past month ends uses older snapshots with units that may be gone; none of their
-- people may vanish.
-- Resolve: look in int_unit_member for the unit codes of that date's snapshot: each needs one home.
with

parts as (

    select as_of, unit_code, due, participated, red, yellow, green
    from {{ ref('mart_unit_coverage') }}
    where scope = 'direct'

    union all

    select as_of, parent_code as unit_code, due, participated, red, yellow, green
    from {{ ref('mart_unit_coverage') }}
    where scope = 'subtree' and parent_code is not null

),

sums as (

    select
        as_of,
        unit_code,
        sum(due) as due,
        sum(participated) as participated,
        sum(red) as red,
        sum(yellow) as yellow,
        sum(green) as green
    from parts
    group by as_of, unit_code

)

select whole.as_of, whole.unit_code, whole.due, sums.due as due_of_parts
from {{ ref('mart_unit_coverage') }} as whole
left join sums on whole.as_of = sums.as_of and whole.unit_code = sums.unit_code
where
    whole.scope = 'subtree'
    and (
        whole.due is distinct from sums.due
        or whole.participated is distinct from sums.participated
        or whole.red is distinct from sums.red
        or whole.yellow is distinct from sums.yellow
        or whole.green is distinct from sums.green
    )
