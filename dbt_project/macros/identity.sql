{# Normalised identity number: trimmed, full-width to half-width, upper-case X; 15 digits become 18 (rules.md, identity). #}
{% macro normalised_id_number(id_number) -%}
    nullif(translate(upper(trim({{ id_number }})), '０１２３４５６７８９Ｘ＊　 ', '0123456789X*'), '')
{%- endmacro %}

{# Check digit of GB 11643 for the first seventeen digits. #}
{% macro id_check_digit(digits) -%}
    substr(
            '10X98765432',
            cast(mod(
                {% for weight in [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] -%}
                {{ weight }} * cast(substr({{ digits }}, {{ loop.index }}, 1) as integer){{ ' + ' if not loop.last }}
                {%- endfor %},
                11
            ) as integer) + 1,
            1
        )
{%- endmacro %}

{# 18 characters where the number is well formed (15-digit numbers extended), else null. #}
{% macro id_number_18(normalised) -%}
    case
            when {{ regexp_found(normalised, '^[0-9]{17}[0-9X]$') }} then {{ normalised }}
            when {{ regexp_found(normalised, '^[0-9]{15}$') }}
                then
                    substr({{ normalised }}, 1, 6) || '19' || substr({{ normalised }}, 7)
                    || {{ id_check_digit("(substr(" ~ normalised ~ ", 1, 6) || '19' || substr(" ~ normalised ~ ", 7))") }}
        end
{%- endmacro %}

{# The number where it is valid (check digit, and a birth date that exists), else null. #}
{% macro valid_id_number(number_18) -%}
    case
            when
                {{ number_18 }} is not null
                and substr({{ number_18 }}, 18, 1) = {{ id_check_digit(number_18) }}
                and {{ id_birth_date(number_18) }} is not null
                then {{ number_18 }}
        end
{%- endmacro %}

{% macro id_birth_date(number_18) -%}
    try_cast(
            substr({{ number_18 }}, 7, 4) || '-' || substr({{ number_18 }}, 11, 2) || '-' || substr({{ number_18 }}, 13, 2) as date
        )
{%- endmacro %}

{# Year and month of a date as a whole number (198507), to compare births that are known to the month only. #}
{% macro year_month(date_expression) -%}
    cast(extract(year from {{ date_expression }}) * 100 + extract(month from {{ date_expression }}) as bigint)
{%- endmacro %}

{# Whether a text is more than one character repeated: 000000000000000000, and 111111111111111, which extended to 18
   digits has a date and a right check digit. #}
{% macro not_one_character(text) -%}
    replace({{ text }}, substr({{ text }}, 1, 1), '') <> ''
{%- endmacro %}
