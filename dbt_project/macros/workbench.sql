{# Says what to do where nobody has made the work file that the profile points to: DuckDB has just made an empty one. A
   night's build names its own file and is asked nothing. #}
{% macro ask_for_work_file() -%}
    {%- if execute and target.type == 'duckdb' and not env_var('GANXUN_WORK_FILE', '') -%}
        {%- if not adapter.check_schema_exists(target.database, 'raw') -%}
            {%- do exceptions.raise_compiler_error(
                target.path ~ ' is no work file: `make workbench` in the root of the repository makes it'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
