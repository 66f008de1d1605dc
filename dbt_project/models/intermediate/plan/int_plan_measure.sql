-- Every measure of the plan indicators in every month: those of due cadres by unit, those of classes,
-- teachers, courses and platforms for the root, added up from days as the indicators ask for it (seed
-- plan_indicator).
with

periods as (

    select * from {{ ref('int_plan_period') }}

),

root as (

    select unit_code from {{ ref('int_unit_current') }} where parent_code is null

),

indicators as (

    select * from {{ ref('plan_indicator') }}

),

asked_for as (

    select numerator_measure as measure, accumulation from indicators
    union
    select denominator_measure as measure, accumulation from indicators where denominator_measure is not null

),

unit_months as (

    select * from {{ ref('int_plan_unit_month') }}

),

of_units as (

    {% for measure, column in [
        ('due', 'due'),
        ('participated', 'participated'),
        ('never_trained', 'due - participated'),
        ('not_red', 'due - red'),
        ('green', 'green'),
        ('met_annual', 'met_annual'),
        ('met_online', 'met_online'),
        ('rotated_plan', 'rotated_plan'),
        ('final_results', 'final_results'),
        ('passed_results', 'passed_results'),
        ('credited_hours', 'credited_hours'),
        ('credited_hours_year', 'credited_hours_year'),
        ('online_hours_year', 'online_hours_year'),
    ] -%}
    select
        '{{ measure }}' as measure,
        'all' as breakdown_list,
        'all' as breakdown,
        period_no,
        unit_code,
        sum({{ column }}) as amount
    from unit_months
    group by period_no, unit_code

    union all

    {% endfor -%}
    {% for measure in ['due', 'met_annual', 'credited_hours_year'] -%}
    select
        '{{ measure }}' as measure,
        'rank_group' as breakdown_list,
        rank_group as breakdown,
        period_no,
        unit_code,
        {{ measure }} as amount
    from unit_months

    union all

    {% endfor -%}
    {% for measure, column in [
        ('due_county_plus', 'due'),
        ('met_five_year_county_plus', 'met_five_year'),
        ('completed_plan_county_plus', 'completed_plan'),
    ] -%}
    select
        '{{ measure }}' as measure,
        'all' as breakdown_list,
        'all' as breakdown,
        period_no,
        unit_code,
        {{ column }} as amount
    from unit_months
    where rank_group = 'county_plus'

    union all

    {% endfor -%}
    {% for group in ['theory', 'party', 'duty', 'knowledge', 'unclassified'] -%}
    select
        'credited_hours_year' as measure,
        'topic_group' as breakdown_list,
        '{{ group }}' as breakdown,
        period_no,
        unit_code,
        sum({{ group }}_hours_year) as amount
    from unit_months
    group by period_no, unit_code
    {{ 'union all' if not loop.last }}

    {% endfor %}
),

of_periods as (

    select measure, 'all' as breakdown_list, 'all' as breakdown, period_no, amount
    from {{ ref('int_plan_period_figure') }}

    union all

    select 'topic_reached' as measure, 'topic' as breakdown_list, topic_code as breakdown, period_no, reached
    from {{ ref('int_plan_topic_month') }}

),

events as (

    select * from {{ ref('int_plan_class_event') }}
    union all
    select * from {{ ref('int_plan_lesson_event') }}
    union all
    select * from {{ ref('int_plan_follow_up_event') }}
    union all
    select * from {{ ref('int_plan_call_up_event') }}
    union all
    select * from {{ ref('int_plan_resource_event') }}

),

added_up as (

    select
        events.measure,
        asked_for.accumulation,
        events.breakdown_list,
        events.breakdown,
        periods.period_no,
        sum(events.amount) as amount
    from events
    inner join asked_for on events.measure = asked_for.measure
    inner join periods
        on
            events.event_date <= periods.period_end
            and (
                asked_for.accumulation = 'to_date'
                or (asked_for.accumulation = 'year_to_date' and events.event_date >= periods.year_start)
                or (asked_for.accumulation = 'plan_to_date' and events.event_date >= periods.plan_start)
            )
    group by
        events.measure, asked_for.accumulation, events.breakdown_list, events.breakdown, periods.period_no

)

select
    measure,
    'at_period' as accumulation,
    breakdown_list,
    breakdown,
    period_no,
    unit_code,
    round(cast(amount as double), 1) as amount
from of_units

union all

select
    of_periods.measure,
    'at_period' as accumulation,
    of_periods.breakdown_list,
    of_periods.breakdown,
    of_periods.period_no,
    root.unit_code,
    cast(of_periods.amount as double) as amount
from of_periods
cross join root

union all

select
    added_up.measure,
    added_up.accumulation,
    added_up.breakdown_list,
    added_up.breakdown,
    added_up.period_no,
    root.unit_code,
    round(added_up.amount, 1) as amount
from added_up
cross join root
