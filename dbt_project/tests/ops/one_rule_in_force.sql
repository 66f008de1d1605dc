-- Tests: of every parameter exactly one row is in force at the business date, also of those that the models
-- ask for and the seed may have lost; of every target at most one.
-- Matters: a city edits these CSVs; two rows in force double every cadre, none makes every comparison null.
-- Resolve: correct valid_from and valid_to in the seed, or put the lost row back.
{% set asked_for = [] -%}
{% if execute -%}
{% for node in graph.nodes.values() if node.resource_type == 'model' -%}
{% for name in modules.re.findall("policy(?:_on|_text)?\\('(\w+)'", node.raw_code) if name not in asked_for -%}
{% do asked_for.append(name) -%}
{% endfor -%}
{% endfor -%}
{% endif -%}

with

in_force as (

    select name
    from {{ ref('policy_parameter') }}
    where {{ in_force_on(none, as_of()) }}

),

names as (

    select name from {{ ref('policy_parameter') }}
    {% for name in asked_for | sort %}
    union
    select '{{ name }}' as name
    {% endfor %}

)

select
    names.name as rule,
    count(in_force.name) as rows_in_force
from names
left join in_force on names.name = in_force.name
group by names.name
having count(in_force.name) <> 1

union all

select
    rank_group || ' ' || target_window || ' ' || counts as rule,
    count(*) as rows_in_force
from {{ ref('policy_target') }}
where {{ in_force_on(none, as_of()) }}
group by rank_group, target_window, counts
having count(*) > 1
