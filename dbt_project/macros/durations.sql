{# Seconds as people read them: 1小时02分05秒. Evidence texts are Chinese: they are read by the organization department. #}
{% macro duration_zh(seconds) -%}
    case when {{ seconds }} >= 3600 then cast(cast(floor({{ seconds }} / 3600) as bigint) as varchar) || '小时' else '' end
            || case
                when {{ seconds }} >= 60
                    then cast(cast(floor(mod({{ seconds }}, 3600) / 60) as bigint) as varchar) || '分'
                else ''
            end
            || cast(cast(floor(mod({{ seconds }}, 60)) as bigint) as varchar) || '秒'
{%- endmacro %}
