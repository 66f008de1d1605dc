{# Most due cadres of a unit who may be in off-job classes at once (rules.md, unit_overdraw): more than the share, and at least
   the minimum, is too many; a whole number. #}
{% macro most_in_class(due, overdraw_share, overdraw_min) -%}
    cast(greatest(floor({{ overdraw_share }} * {{ due }} + 0.000001), {{ overdraw_min }} - 1) as bigint)
{%- endmacro %}
