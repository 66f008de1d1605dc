{# Events of the Plan's indicators, summed by day: each of `events` is (measure, list of the breakdown, breakdown, day, amount,
   table, condition). What comes after the business date is left out. Write it behind the last of the `with` tables. #}
{% macro sum_plan_events(events) -%}
events as (
    {% for measure, breakdown_list, breakdown, event_date, amount, facts, condition in events %}
    {{ 'union all' if not loop.first }}
    select
        '{{ measure }}' as measure,
        {{ breakdown_list }} as breakdown_list,
        {{ breakdown }} as breakdown,
        {{ event_date }} as event_date,
        {{ amount }} as amount
    from {{ facts }}
    where {{ condition }}
    {% endfor %}
)

select
    measure,
    breakdown_list,
    breakdown,
    event_date,
    -- exact to a tenth: the order of adding must not show
    round(cast(sum(amount) as double), 1) as amount
from events
where event_date is not null and event_date <= {{ as_of() }}
group by measure, breakdown_list, breakdown, event_date
{%- endmacro %}
