-- Credited hours of every cadre in each of the last five calendar years and the current one, by mode; a year
-- without training stands there with zeros.
{% set modes = ['off_job', 'part_time', 'online_class', 'online_elective', 'mobile'] %}
with

years as (

    select distinct year
    from {{ ref('dim_date') }}
    where year between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}

),

hours as (

    select
        cadre_key,
        {{ year_of('activity_date') }} as year,
        {% for mode in modes %}
        round(sum(case when mode = '{{ mode }}' then credited_hours else 0 end), 1) as {{ mode }}_hours,
        {% endfor %}
        round(sum(credited_hours), 1) as credited_hours
    from {{ ref('fct_training') }}
    where cadre_key is not null and credited_hours > 0 and activity_date <= {{ as_of() }}
    group by cadre_key, {{ year_of('activity_date') }}

)

select
    {{ as_of() }} as as_of,
    people.cadre_key,
    people.cadre_label,
    people.unit_code,
    people.serving_unit,
    years.year,
    {% for mode in modes %}
    coalesce(hours.{{ mode }}_hours, 0) as {{ mode }}_hours,
    {% endfor %}
    coalesce(hours.credited_hours, 0) as credited_hours
from {{ ref('cadre_identity') }} as people
cross join years
left join hours on people.cadre_key = hours.cadre_key and years.year = hours.year
