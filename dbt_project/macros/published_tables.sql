{# The tables that are published, from the project itself: schema, name, label, grain and key columns of each model of the
   marts, ops and restricted schemas. A key is what a test holds to be unique: one column before several, and of
   these a `_key`. Empty while dbt is still parsing. #}
{% macro published_tables() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set keys = {} -%}
        {%- for test in graph.nodes.values() if test.resource_type == 'test' and test.test_metadata -%}
            {%- set kind, arguments = test.test_metadata.name, test.test_metadata.kwargs -%}
            {%- if test.config.where is none -%}
                {%- if kind == 'unique' and (
                    keys.get(test.attached_node, []) | length != 1 or arguments.column_name.endswith('_key')
                ) -%}
                    {%- do keys.update({test.attached_node: [arguments.column_name]}) -%}
                {%- elif kind == 'unique_combination' and test.attached_node not in keys -%}
                    {%- do keys.update({test.attached_node: arguments.columns}) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for model in graph.nodes.values() | sort(attribute='unique_id')
            if model.resource_type == 'model' and model.schema in ('marts', 'ops', 'restricted') -%}
            {%- do found.append({
                'schema': model.schema,
                'table': model.alias,
                'label_zh': model.config.meta.label_zh,
                'grain': (model.description | trim).rstrip('.').split('. ')[0],
                'key': keys.get(model.unique_id, [])
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
