-- Tests: on a unit's board its own cadres and the units directly below add up to the unit in all, for each
-- rank group.
-- Matters: a reader adds the bars up; a unit left out of its parent's board would hide its people.
-- Resolve: look in dim_unit_closure for a unit whose way to the chosen unit does not pass through a child.
select
    unit_code,
    rank_group,
    sum(case when member_kind = 'total' then due else 0 end) as due,
    sum(case when member_kind <> 'total' then due else 0 end) as due_of_parts
from {{ ref('mart_unit_board') }}
group by unit_code, rank_group
having
{% for measure in ['due', 'participated', 'red', 'yellow', 'green'] -%}
    sum(case when member_kind = 'total' then {{ measure }} else -{{ measure }} end) <> 0
    {{ 'or ' if not loop.last }}
{%- endfor %}
