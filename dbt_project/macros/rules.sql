{# A parameter of policy_parameter in force at the build's business date, as a number. #}
{% macro policy(name) -%}
    (
        select cast(value as double)
        from {{ ref('policy_parameter') }}
        where name = '{{ name }}' and {{ in_force_on(none, as_of()) }}
    )
{%- endmacro %}

{# The same as a text, for parameters that are not numbers (cramming_from is a month and day). #}
{% macro policy_text(name) -%}
    (
        select value
        from {{ ref('policy_parameter') }}
        where name = '{{ name }}' and {{ in_force_on(none, as_of()) }}
    )
{%- endmacro %}

{# Joins the version of a parameter that is in force on a row's own date: a rule changed from a date on applies from that
   date, and both versions stand in one build. Write it among the joins, with the value as `policy_value(name)`:

       from lessons
       {{ join_policy_on('absence_limit', 'lessons.end_date') }}

   A left join, one row a row (law ops/one_rule_in_force); `alias` where one query needs a parameter on two dates. #}
{% macro join_policy_on(name, date_expression, alias=none) -%}
{%- set joined = alias or name -%}
left join {{ ref('policy_parameter') }} as {{ joined }}
    on
        {{ joined }}.name = '{{ name }}'
        and {{ in_force_on(joined, date_expression) }}
{%- endmacro %}

{# Whether a dated row (a version of a rule, a span of a post) is in force on a date: from its first day on, no more on
   valid_to. `rule` is the alias of its table, none where it is the only one. No `or` here: in a join DuckDB would compare
   every row with every version. #}
{% macro in_force_on(rule, date_expression) -%}
    {%- set of_rule = rule ~ '.' if rule else '' -%}
    {{ date_expression }} >= {{ of_rule }}valid_from
        and {{ date_expression }} < coalesce({{ of_rule }}valid_to, date '9999-12-31')
{%- endmacro %}

{# The joined parameter as a number. #}
{% macro policy_value(joined) -%} cast({{ joined }}.value as double) {%- endmacro %}

{# Cut (never rounded) to one decimal: how seconds become credit hours (rules.md, ledger). Rounding to six decimals first
   keeps a binary 0.7999999 of an exact 0.8 from losing a tenth. #}
{% macro cut_to_tenth(expression) -%}
    floor(round(({{ expression }}) * 10, 6)) / 10
{%- endmacro %}

{# Canonical course (rules.md): the national number, else the title in NFKC, lower case, without white space and punctuation;
   `fallback` names the item where neither is there. #}
{% macro course_key(course_no, title_nfkc, fallback) -%}
    coalesce(
            'no:' || nullif(trim({{ course_no }}), ''),
            'title:' || nullif({{ title_key(title_nfkc) }}, ''),
            'item:' || {{ fallback }}
        )
{%- endmacro %}

{% macro title_key(title_nfkc) -%}
    {{ regexp_remove('lower(' ~ title_nfkc ~ ')', '[\\s\\p{Z}\\p{P}]') }}
{%- endmacro %}

{# Modes in the order in which ties between platforms are decided (rules.md, recognition). #}
{% macro online_mode_order(mode) -%}
    case {{ mode }} when 'online_class' then 1 when 'online_elective' then 2 when 'mobile' then 3 end
{%- endmacro %}

{# A share or mean; an empty denominator gives null, never 0 (rules.md, rates of a unit). #}
{% macro rate(numerator, denominator) -%}
    case when ({{ denominator }}) > 0 then cast({{ numerator }} as double) / ({{ denominator }}) end
{%- endmacro %}

{# A number as people write it: no `.0` behind a whole one. #}
{% macro number_text(expression) -%}
    regexp_replace(cast({{ expression }} as varchar), '[.]0$', '')
{%- endmacro %}

{# Score of a unit from its four rates (rules.md, ranking): 0 to 100, null parts count 0; rounded, so that binary fractions
   break no tie. The weights come by `join_ranking_weights`, written among the joins with the date that they are of. #}
{% macro ranking_score(coverage) -%}
    round(100 * (
            {{ policy_value('effective_weight') }} * coalesce({{ coverage }}.effective_coverage, 0)
            + {{ policy_value('annual_weight') }} * coalesce({{ coverage }}.annual_attainment, 0)
            + {{ policy_value('pass_weight') }} * coalesce({{ coverage }}.pass_rate, 0)
            + {{ policy_value('participation_weight') }} * coalesce({{ coverage }}.participation_rate, 0)
        ), 9)
{%- endmacro %}

{% macro join_ranking_weights(date_expression) -%}
{{ join_policy_on('ranking_weight_effective_coverage', date_expression, 'effective_weight') }}
    {{ join_policy_on('ranking_weight_annual_attainment', date_expression, 'annual_weight') }}
    {{ join_policy_on('ranking_weight_pass_rate', date_expression, 'pass_weight') }}
    {{ join_policy_on('ranking_weight_participation_rate', date_expression, 'participation_weight') }}
{%- endmacro %}
