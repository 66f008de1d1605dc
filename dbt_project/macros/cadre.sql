{# What a snapshot's or post's rank means: the tables joined are the seeds rank_code (once by the new code, once by the old
   one) and grade_code, each under the alias given. #}
{% macro rank_in_new_codes(new_rank, old_rank) -%} coalesce({{ new_rank }}.rank_code, {{ old_rank }}.rank_code) {%- endmacro %}

{# county_plus by rank or by grade, otherwise section_below (rules.md, rank group). #}
{% macro rank_group_of(new_rank, old_rank, grade) -%}
    case
            when
                'county_plus' in (coalesce({{ new_rank }}.rank_group, {{ old_rank }}.rank_group), {{ grade }}.rank_group)
                then 'county_plus'
            else 'section_below'
        end
{%- endmacro %}

{# Several columns as one text that is never null: two rows say the same if their texts are equal. #}
{% macro state_of(columns) -%}
    {% for column in columns -%}
    coalesce(cast({{ column }} as varchar), '-'){{ " || '|' || " if not loop.last }}
    {%- endfor %}
{%- endmacro %}
