{# 1 for the newest version of an item: by updated_at, equal times: the later in the export (sources.md, academy). #}
{% macro newest_version_rank(key) -%}
    row_number() over (
            partition by {{ key }}
            order by updated_at desc, business_date desc, revision desc, source_file desc, source_row desc
        )
{%- endmacro %}

{# 1 for the first delivery of an immutable item (an xAPI statement id is the de-duplication key). #}
{% macro first_delivery_rank(key) -%}
    row_number() over (
            partition by {{ key }}
            order by business_date, revision, source_file, source_row
        )
{%- endmacro %}
