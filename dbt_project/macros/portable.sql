{# What differs between DuckDB (default) and Spark. Models never write these by hand. #}

{# Business date of the build, as a DATE. #}
{% macro as_of() -%} cast('{{ var("as_of") }}' as date) {%- endmacro %}

{# First day of the five-year window at a date: (D - 5 years, D], 29 February minus five years is 28 February
   (rules.md, Dates). Both engines clip to the month's last day. #}
{% macro window_start(date_expression) -%} {{ add_days(add_years(date_expression, -5), 1) }} {%- endmacro %}

{# Last day whose five-year window still holds a date: 29 February 2024 is in the window of 28 February 2029. #}
{% macro window_last_day(date_expression) -%}
    case
            when {{ window_start(add_years(date_expression, 5)) }} <= {{ date_expression }}
                then {{ add_years(date_expression, 5) }}
            else {{ add_days(add_years(date_expression, 5), -1) }}
        end
{%- endmacro %}

{# A date moved by whole years (may be negative), clipped to the month's last day. #}
{% macro add_years(date_expression, years) -%}
    cast({{ dbt.dateadd('year', years, date_expression) | trim }} as date)
{%- endmacro %}

{# A date moved by whole months (a number, maybe an expression), clipped to the month's last day. #}
{% macro add_months(date_expression, months) -%}
    cast({{ dbt.dateadd('month', months, date_expression) | trim }} as date)
{%- endmacro %}

{# The day a number of days later. #}
{% macro add_days(date_expression, days) -%}
    cast({{ dbt.dateadd('day', days, date_expression) | trim }} as date)
{%- endmacro %}

{# Whole days from one date to another. #}
{% macro days_between(from_date, to_date) -%}
    {{ dbt.datediff('(' ~ from_date ~ ')', '(' ~ to_date ~ ')', 'day') | trim }}
{%- endmacro %}

{# The local date of an instant in the warehouse's zone. #}
{% macro local_date(instant) -%}
    {{ return(adapter.dispatch('local_date', 'ganxun')(instant)) }}
{%- endmacro %}
{% macro default__local_date(instant) -%} cast(timezone('{{ var("timezone") }}', {{ instant }}) as date) {%- endmacro %}
{% macro spark__local_date(instant) -%}
    to_date(convert_timezone('{{ var("timezone") }}', cast({{ instant }} as timestamp_ntz)))
{%- endmacro %}

{# Calendar year of a date. #}
{% macro year_of(date_expression) -%} cast(extract(year from {{ date_expression }}) as bigint) {%- endmacro %}

{# 31 December of a calendar year. #}
{% macro year_end(year_expression) -%} cast(cast({{ year_expression }} as varchar) || '-12-31' as date) {%- endmacro %}

{# Replace every match of a regular expression. #}
{% macro regexp_remove(text, pattern) -%}
    {{ return(adapter.dispatch('regexp_remove', 'ganxun')(text, pattern)) }}
{%- endmacro %}
{% macro default__regexp_remove(text, pattern) -%} regexp_replace({{ text }}, '{{ pattern }}', '', 'g') {%- endmacro %}
{% macro spark__regexp_remove(text, pattern) -%} regexp_replace({{ text }}, r'{{ pattern }}', '') {%- endmacro %}

{# Whether a regular expression matches anywhere in a text. #}
{% macro regexp_found(text, pattern) -%}
    {{ return(adapter.dispatch('regexp_found', 'ganxun')(text, pattern)) }}
{%- endmacro %}
{% macro default__regexp_found(text, pattern) -%} regexp_matches({{ text }}, '{{ pattern }}') {%- endmacro %}
{% macro spark__regexp_found(text, pattern) -%} ({{ text }} rlike r'{{ pattern }}') {%- endmacro %}

{# SHA-256 of a text, in lower-case hexadecimal. #}
{% macro sha256_hex(text) -%}
    {{ return(adapter.dispatch('sha256_hex', 'ganxun')(text)) }}
{%- endmacro %}
{% macro default__sha256_hex(text) -%} sha256({{ text }}) {%- endmacro %}
{% macro spark__sha256_hex(text) -%} sha2({{ text }}, 256) {%- endmacro %}

{# Texts of a group, in order, joined. #}
{% macro joined_texts(text, separator, order_by) -%}
    {{ dbt.listagg(text, "'" ~ separator ~ "'", 'order by ' ~ order_by) | trim }}
{%- endmacro %}

{# A table of the last days of the newest n months up to a date: one column, month_end. #}
{% macro month_ends(date_expression, months) -%}
    {{ return(adapter.dispatch('month_ends', 'ganxun')(date_expression, months)) }}
{%- endmacro %}
{% macro default__month_ends(date_expression, months) -%}
    select {{ month_end_before(date_expression, 'n') }} as month_end
    from (select unnest(generate_series(1, {{ months }})) as n) as months
{%- endmacro %}
{% macro spark__month_ends(date_expression, months) -%}
    select {{ month_end_before(date_expression, 'n') }} as month_end
    from (select explode(sequence(1, {{ months }})) as n) as months
{%- endmacro %}

{# The last day of a month that had ended by a date, n months back: 1 is the newest. #}
{% macro month_end_before(date_expression, months) -%}
    {{ dbt.last_day(add_months(add_days(date_expression, 1), '-' ~ months), 'month') | trim }}
{%- endmacro %}

{# One row for each day from one date to another, both included; in a select list. #}
{% macro each_day(from_date, to_date) -%}
    {{ return(adapter.dispatch('each_day', 'ganxun')(from_date, to_date)) }}
{%- endmacro %}
{% macro default__each_day(from_date, to_date) -%}
    cast(unnest(generate_series({{ from_date }}, {{ to_date }}, interval 1 day)) as date)
{%- endmacro %}
{% macro spark__each_day(from_date, to_date) -%} explode(sequence({{ from_date }}, {{ to_date }})) {%- endmacro %}

{# The instant of a date and a clock time (HH:MM) in the warehouse's zone; null where the time is none. #}
{% macro local_instant(date_expression, clock_time) -%}
    {{ return(adapter.dispatch('local_instant', 'ganxun')(date_expression, clock_time)) }}
{%- endmacro %}
{% macro default__local_instant(date_expression, clock_time) -%}
    timezone('{{ var("timezone") }}', try_cast({{ date_expression }} || ' ' || {{ clock_time }} as timestamp))
{%- endmacro %}
{% macro spark__local_instant(date_expression, clock_time) -%}
    try_to_timestamp({{ date_expression }} || ' ' || substr({{ clock_time }}, 1, 5) || ' {{ var("timezone") }}', 'yyyy-MM-dd HH:mm VV')
{%- endmacro %}

{# Time of day of an instant in the warehouse's zone, as HH:MM:SS. #}
{% macro local_clock(instant) -%}
    {{ return(adapter.dispatch('local_clock', 'ganxun')(instant)) }}
{%- endmacro %}
{% macro default__local_clock(instant) -%} strftime(timezone('{{ var("timezone") }}', {{ instant }}), '%H:%M:%S') {%- endmacro %}
{% macro spark__local_clock(instant) -%}
    date_format(convert_timezone('{{ var("timezone") }}', cast({{ instant }} as timestamp_ntz)), 'HH:mm:ss')
{%- endmacro %}

{# Seconds from one instant to another: exact to the microsecond, so that 60 seconds are 60. #}
{% macro seconds_between(from_instant, to_instant) -%}
    {{ return(adapter.dispatch('seconds_between', 'ganxun')(from_instant, to_instant)) }}
{%- endmacro %}
{% macro default__seconds_between(from_instant, to_instant) -%}
    date_diff('microsecond', {{ from_instant }}, {{ to_instant }}) / 1000000.0
{%- endmacro %}
{% macro spark__seconds_between(from_instant, to_instant) -%}
    cast(unix_micros({{ to_instant }}) - unix_micros({{ from_instant }}) as double) / 1000000
{%- endmacro %}
