{% set counts = [
    'due', 'participated', 'red', 'green', 'met_annual', 'met_online', 'met_five_year', 'completed_plan',
    'rotated_plan', 'final_results', 'passed_results'
] -%}
{% set hours = [
    'credited_hours', 'credited_hours_year', 'online_hours_year', 'theory_hours_year', 'party_hours_year',
    'duty_hours_year', 'knowledge_hours_year', 'unclassified_hours_year'
] -%}
{% set meets_five_year = target_met(
    'spans.statutory_hours', 'spans.statutory_days', 'rule_runs.five_year_hours', 'rule_runs.five_year_days'
) -%}
{% set meets_annual = target_met(
    'spans.statutory_hours_year', 'spans.statutory_days_year', 'rule_runs.annual_hours', 'rule_runs.annual_days'
) -%}
{% set completes_plan = target_met(
    'spans.statutory_hours_plan', 'spans.statutory_days_plan', 'rule_runs.five_year_hours', 'rule_runs.five_year_days'
) -%}
{% set light = light_of('spans.systematic_hours', 'rule_runs.systematic_min_hours', meets_five_year) -%}
-- Due cadres and what they had, for units with all units below: those of level 1 and 2 in every month, the
-- others at the business date. Like the cadres' spans: what comes and goes is added up, once per unit.
with

rules as (

    select
        periods.period_no,
        rank_groups.code as rank_group,
        {{ policy_value('systematic_min_hours') }} as systematic_min_hours,
        five_year.min_hours as five_year_hours,
        five_year.min_days as five_year_days,
        annual.min_hours as annual_hours,
        annual.min_days as annual_days,
        online.min_hours as online_hours
    from {{ ref('int_plan_period') }} as periods
    inner join {{ ref('code_label') }} as rank_groups on rank_groups.code_list = 'rank_group'
    {{ join_policy_on('systematic_min_hours', 'periods.period_end') }}
    {% for name, window, counts, group in [
        ('five_year', 'rolling_5y', 'statutory', 'rank_groups.code'),
        ('annual', 'calendar_year', 'statutory', 'rank_groups.code'),
        ('online', 'calendar_year', 'online', "'all'"),
    ] -%}
    left join {{ ref('policy_target') }} as {{ name }}
        on
            {{ name }}.rank_group = {{ group }}
            and {{ name }}.target_window = '{{ window }}'
            and {{ name }}.counts = '{{ counts }}'
            and {{ in_force_on(name, 'periods.period_end') }}
    {% endfor %}

),

-- Runs of months with the same rules: a rule changed from a date on splits a cadre's span there.
rule_runs as (

    select
        rank_group,
        systematic_min_hours,
        five_year_hours,
        five_year_days,
        annual_hours,
        annual_days,
        online_hours,
        min(period_no) as from_no,
        max(period_no) + 1 as to_no
    from (
        select
            *,
            period_no - row_number() over (
                partition by
                    rank_group, systematic_min_hours, five_year_hours, five_year_days, annual_hours,
                    annual_days, online_hours
                order by period_no
            ) as run_no
        from rules
    ) as numbered
    group by
        rank_group, systematic_min_hours, five_year_hours, five_year_days, annual_hours, annual_days,
        online_hours, run_no

),

pieces as (

    select
        due.unit_code,
        due.rank_group,
        greatest(due.from_no, spans.from_no, rule_runs.from_no) as from_no,
        least(due.to_no, spans.to_no, rule_runs.to_no) as to_no,
        1 as due,
        case when spans.credited_hours > 0 then 1 else 0 end as participated,
        case when {{ light }} = 'red' then 1 else 0 end as red,
        case when {{ light }} = 'green' then 1 else 0 end as green,
        case when {{ meets_annual }} then 1 else 0 end as met_annual,
        -- where no online target was in force yet, nobody misses it (as in int_cadre_coverage)
        case when coalesce(spans.online_hours_year >= rule_runs.online_hours, true) then 1 else 0 end
            as met_online,
        case when {{ meets_five_year }} then 1 else 0 end as met_five_year,
        case when {{ completes_plan }} then 1 else 0 end as completed_plan,
        case when spans.statutory_hours_plan > 0 then 1 else 0 end as rotated_plan,
        spans.final_results,
        {% for measure in hours %}
        spans.{{ measure }},
        {% endfor %}
        spans.passed_results
    from {{ ref('int_plan_due_span') }} as due
    inner join {{ ref('int_plan_cadre_span') }} as spans
        on
            due.cadre_key = spans.cadre_key
            and due.from_no < spans.to_no
            and spans.from_no < due.to_no
    inner join rule_runs
        on
            due.rank_group = rule_runs.rank_group
            and rule_runs.from_no < least(due.to_no, spans.to_no)
            and rule_runs.to_no > greatest(due.from_no, spans.from_no)

),

changes as (

    select
        {% for measure in counts + hours %}
        {{ measure }},
        {% endfor %}
        unit_code,
        rank_group,
        from_no as period_no
    from pieces

    union all

    select
        {% for measure in counts + hours %}
        -{{ measure }} as {{ measure }},
        {% endfor %}
        unit_code,
        rank_group,
        to_no as period_no
    from pieces

),

home_changes as (

    select
        {% for measure in counts + hours %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        unit_code,
        rank_group,
        period_no
    from changes
    group by unit_code, rank_group, period_no

),

last_period as (

    select max(period_no) as last_no from {{ ref('int_plan_period') }}

),

levels as (

    select descendant_code as unit_code, max(depth) + 1 as unit_level
    from {{ ref('int_unit_closure') }}
    group by descendant_code

),

unit_changes as (

    select
        {% for measure in counts + hours %}
        sum(home_changes.{{ measure }}) as {{ measure }},
        {% endfor %}
        members.unit_code,
        home_changes.rank_group,
        case when levels.unit_level <= 2 then home_changes.period_no else last_period.last_no end
            as period_no
    from home_changes
    cross join last_period
    inner join {{ ref('int_unit_member') }} as members
        on home_changes.unit_code = members.member_code and members.scope = 'subtree'
    inner join levels on members.unit_code = levels.unit_code
    -- what goes after the last month is still there in it
    where home_changes.period_no <= last_period.last_no
    group by
        members.unit_code,
        home_changes.rank_group,
        case when levels.unit_level <= 2 then home_changes.period_no else last_period.last_no end

),

cells as (

    select
        periods.period_no,
        levels.unit_code,
        levels.unit_level,
        rank_groups.code as rank_group
    from {{ ref('int_plan_period') }} as periods
    cross join levels
    inner join {{ ref('code_label') }} as rank_groups on rank_groups.code_list = 'rank_group'
    where levels.unit_level <= 2 or periods.is_current

)

select
    {% for measure in counts %}
    cast(coalesce(sum(unit_changes.{{ measure }}) over so_far, 0) as bigint) as {{ measure }},
    {% endfor %}
    {% for measure in hours %}
    round(coalesce(sum(unit_changes.{{ measure }}) over so_far, 0), 1) as {{ measure }},
    {% endfor %}
    cells.period_no,
    cells.unit_code,
    cells.unit_level,
    cells.rank_group
from cells
left join unit_changes
    on
        cells.period_no = unit_changes.period_no
        and cells.unit_code = unit_changes.unit_code
        and cells.rank_group = unit_changes.rank_group
window so_far as (
    partition by cells.unit_code, cells.rank_group
    order by cells.period_no
    rows between unbounded preceding and current row
)
