{#
    The columns together are the table's key: no combination stands twice, and none of them is null.
    `nullable`: the columns of the key in which a null is a value of its own.
#}
{% test unique_combination(model, columns, nullable=[]) %}
{%- set quoted = [] %}
{%- for column in columns %}{% do quoted.append(adapter.quote(column)) %}{% endfor %}
select
    {{ quoted | join(', ') }},
    count(*) as copies
from {{ model }}
group by {{ quoted | join(', ') }}
having
    count(*) > 1
{%- for column in columns if column not in nullable %}
    or {{ adapter.quote(column) }} is null
    {%- endfor %}
{% endtest %}
