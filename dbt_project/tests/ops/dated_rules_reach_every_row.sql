-- Tests: parameters that apply by the row's own date (macro join_policy_on) have a version on the first and
-- on the last day that the ledger knows, and on the first and last report date.
-- Matters: without a version the limit is null, and a comparison with null lets every row pass in silence.
-- Resolve: let the first version of the parameter begin earlier (1900-01-01), and the last one not end.
{% set asked_for = [] -%}
{% if execute -%}
{% for node in graph.nodes.values() if node.resource_type == 'model' -%}
{% for name in modules.re.findall("join_policy_on\\('(\w+)'", node.raw_code) if name not in asked_for -%}
{% do asked_for.append(name) -%}
{% endfor -%}
{% endfor -%}
{% endif -%}

with

days as (

    select min(activity_date) as day from {{ ref('int_training_ledger') }}
    union
    select max(activity_date) as day from {{ ref('int_training_ledger') }}
    union
    select min(report_date) as day from {{ ref('int_report_date') }}
    union
    select max(report_date) as day from {{ ref('int_report_date') }}

),

names as (

    {% for name in asked_for | sort %}
    select '{{ name }}' as name
    {% if not loop.last %}union{% endif %}
    {% else %}
    select cast(null as varchar) as name
    {% endfor %}

)

select names.name, days.day
from names
cross join days
left join {{ ref('policy_parameter') }} as parameter
    on names.name = parameter.name and {{ in_force_on('parameter', 'days.day') }}
where parameter.name is null and names.name is not null
