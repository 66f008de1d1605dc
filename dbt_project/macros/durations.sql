{# Seconds as people read them in the evidence of a finding: 1小时2分5秒. #}
{% macro duration_zh(seconds) -%}
    case when {{ seconds }} >= 3600 then cast(cast(floor({{ seconds }} / 3600) as bigint) as varchar) || '小时' else '' end
            || case
                when {{ seconds }} >= 60
                    then cast(cast(floor(mod({{ seconds }}, 3600) / 60) as bigint) as varchar) || '分'
                else ''
            end
            || cast(cast(floor(mod({{ seconds }}, 60)) as bigint) as varchar) || '秒'
{%- endmacro %}

{# The same in English: 1 h 2 min 5 s. #}
{% macro duration_en(seconds) -%}
    case when {{ seconds }} >= 3600 then cast(cast(floor({{ seconds }} / 3600) as bigint) as varchar) || ' h ' else '' end
            || case
                when {{ seconds }} >= 60
                    then cast(cast(floor(mod({{ seconds }}, 3600) / 60) as bigint) as varchar) || ' min '
                else ''
            end
            || cast(cast(floor(mod({{ seconds }}, 60)) as bigint) as varchar) || ' s'
{%- endmacro %}
