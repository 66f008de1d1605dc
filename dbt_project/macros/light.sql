{# Whether a target is met: hours or days, either suffices (rules.md, targets). #}
{% macro target_met(hours, days, min_hours, min_days) -%}
    {{ hours }} >= {{ min_hours }} or {{ days }} >= {{ min_days }}
{%- endmacro %}

{# Light of a cadre (rules.md): red with too few systematic hours, whatever else was done; green where the five-year target
   is met; else yellow. #}
{% macro light_of(systematic_hours, systematic_minimum, meets_five_year) -%}
    case
            when {{ systematic_hours }} < {{ systematic_minimum }} then 'red'
            when {{ meets_five_year }} then 'green'
            else 'yellow'
        end
{%- endmacro %}
