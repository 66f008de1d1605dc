-- The axes of the radar: cadre_profile_topic with a column a topic, the cadre beside the rank group's mean.
{% set topics = [
    't01', 't02', 't03', 'p01', 'p02', 'p03', 'p04', 'p05', 'p06', 'd01', 'd02', 'd03', 'd04', 'd05', 'd06', 'd07',
    'd08', 'k01', 'k02', 'k03', 'k04', 'k05', 'k06'
] %}
with

series as (

    {% for series, measure in [('self', 'reserve'), ('rank_group_mean', 'group_mean')] %}
    select
        as_of,
        cadre_key,
        cadre_label,
        unit_code,
        serving_unit,
        '{{ series }}' as series,
        {% for topic in topics %}
        max(case when topic_code = '{{ topic | upper }}' then {{ measure }} end) as reserve_{{ topic }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('cadre_profile_topic') }}
    group by as_of, cadre_key, cadre_label, unit_code, serving_unit
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}

)

select
    series.*,
    labels.label_zh as series_name,
    labels.label_en as series_name_en,
    labels.sort_order as series_order
from series
left join {{ ref('code_label') }} as labels
    on labels.code_list = 'reserve_series' and series.series = labels.code
