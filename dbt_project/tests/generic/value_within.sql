{#
    A number lies within its bounds, both included; null passes. The tolerance is for sums of binary fractions.
#}
{% test value_within(model, column_name, minimum=none, maximum=none) %}
select {{ column_name }} as value_outside
from {{ model }}
where
    false
{%- if minimum is not none %}
    or {{ column_name }} < {{ minimum }} - 0.000001
    {%- endif %}
{%- if maximum is not none %}
    or {{ column_name }} > {{ maximum }} + 0.000001
    {%- endif %}
{% endtest %}
