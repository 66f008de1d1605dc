-- The tables that are published, as the project itself describes them: a catalogue for people, and the keys
-- by which two nights are compared.
with

tables as (

    {% for table in published_tables() %}
    select
        '{{ table.schema }}' as schema_name,
        '{{ table.table }}' as table_name,
        '{{ table.label_zh | replace("'", "''") }}' as label_zh,
        '{{ table.grain | replace("'", "''") }}' as grain,
        '{{ table.key | join(", ") }}' as key_columns
    {% if not loop.last %}

    union all

    {% endif %}
    {% else %}
    -- nothing is known while dbt parses
    select '' as schema_name, '' as table_name, '' as label_zh, '' as grain, '' as key_columns
    {% endfor %}

)

select
    schema_name,
    table_name,
    label_zh,
    grain,
    nullif(key_columns, '') as key_columns
from tables
