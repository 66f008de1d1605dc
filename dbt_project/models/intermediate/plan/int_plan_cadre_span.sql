{% set window_measures = [
    'credited_hours', 'statutory_hours', 'systematic_hours', 'statutory_days', 'final_results', 'passed_results'
] -%}
{% set year_measures = [
    'credited_hours', 'statutory_hours', 'statutory_days', 'online_hours', 'theory_hours', 'party_hours',
    'duty_hours', 'knowledge_hours', 'unclassified_hours'
] -%}
{% set plan_measures = ['statutory_hours', 'statutory_days'] -%}
{% set groups = ['theory', 'party', 'duty', 'knowledge', 'unclassified'] -%}
-- What each due cadre had in the window, in the year and within the Plan, as runs of months in which it stood
-- still. Only what comes and goes is added up (a record comes with its month and goes when the window or the
-- year has moved past it): the work grows with the records, not with cadres x months.
with

due as (

    select distinct cadre_key from {{ ref('int_plan_due_span') }}

),

records as (

    select
        cadre_key,
        activity_date,
        credited_hours,
        statutory_hours,
        systematic_hours,
        online_hours,
        {% for group in groups %}
        0 as {{ group }}_hours,
        {% endfor %}
        0 as statutory_days,
        0 as final_results,
        0 as passed_results
    from {{ ref('int_cadre_day') }}

    union all

    select
        ledger.cadre_key,
        ledger.activity_date,
        0 as credited_hours,
        0 as statutory_hours,
        0 as systematic_hours,
        0 as online_hours,
        {% for group in groups %}
        case when topics.group_code = '{{ group }}' then ledger.credited_hours else 0 end
            as {{ group }}_hours,
        {% endfor %}
        0 as statutory_days,
        0 as final_results,
        0 as passed_results
    from {{ ref('int_training_ledger') }} as ledger
    inner join {{ ref('topic') }} as topics on ledger.topic_code = topics.topic_code
    where ledger.cadre_key is not null and ledger.credited_hours > 0

    union all

    select
        cadre_key,
        end_date as activity_date,
        0 as credited_hours,
        0 as statutory_hours,
        0 as systematic_hours,
        0 as online_hours,
        {% for group in groups %}
        0 as {{ group }}_hours,
        {% endfor %}
        class_days as statutory_days,
        0 as final_results,
        0 as passed_results
    from {{ ref('int_statutory_enrollment') }}

    union all

    select
        cadre_key,
        end_date as activity_date,
        0 as credited_hours,
        0 as statutory_hours,
        0 as systematic_hours,
        0 as online_hours,
        {% for group in groups %}
        0 as {{ group }}_hours,
        {% endfor %}
        0 as statutory_days,
        1 as final_results,
        case when result = 'passed' then 1 else 0 end as passed_results
    from {{ ref('int_enrollment') }}
    where
        cadre_key is not null
        and result in ('passed', 'failed', 'withdrawn')
        and (source = 'academy' or class_status = 'finished')

    union all

    -- everybody starts with nothing: who never learnt anything is due all the same
    select
        due.cadre_key,
        first_month.first_end as activity_date,
        0 as credited_hours,
        0 as statutory_hours,
        0 as systematic_hours,
        0 as online_hours,
        {% for group in groups %}
        0 as {{ group }}_hours,
        {% endfor %}
        0 as statutory_days,
        0 as final_results,
        0 as passed_results
    from due
    cross join (select min(period_end) as first_end from {{ ref('int_plan_period') }}) as first_month

),

summed as (

    select
        {% for measure in (window_measures + year_measures) | unique %}
        sum(records.{{ measure }}) as {{ measure }},
        {% endfor %}
        records.cadre_key,
        days.enter_no,
        days.window_exit_no,
        days.year_exit_no,
        days.is_in_plan
    from records
    inner join due on records.cadre_key = due.cadre_key
    -- a day after the business date is in no month
    inner join {{ ref('int_plan_day') }} as days
        on records.activity_date = days.activity_date and days.enter_no is not null
    group by records.cadre_key, days.enter_no, days.window_exit_no, days.year_exit_no, days.is_in_plan

),

kinds_of_day as (

    select distinct enter_no, window_exit_no, year_exit_no, is_in_plan
    from {{ ref('int_plan_day') }}
    where enter_no is not null

),

moves as (

    select *, 'window' as scope, enter_no as period_no, 1 as sign
    from kinds_of_day
    where window_exit_no > enter_no

    union all

    select *, 'window' as scope, window_exit_no as period_no, -1 as sign
    from kinds_of_day
    where window_exit_no > enter_no

    union all

    select *, 'year' as scope, enter_no as period_no, 1 as sign
    from kinds_of_day
    where year_exit_no > enter_no

    union all

    select *, 'year' as scope, year_exit_no as period_no, -1 as sign
    from kinds_of_day
    where year_exit_no > enter_no

    union all

    select *, 'plan' as scope, enter_no as period_no, 1 as sign
    from kinds_of_day
    where is_in_plan

),

steps as (

    select
        {% for measure in window_measures %}
        sum(case when moves.scope = 'window' then moves.sign * summed.{{ measure }} else 0 end)
            as {{ measure }},
        {% endfor %}
        {% for measure in year_measures %}
        sum(case when moves.scope = 'year' then moves.sign * summed.{{ measure }} else 0 end)
            as {{ measure }}_year,
        {% endfor %}
        {% for measure in plan_measures %}
        sum(case when moves.scope = 'plan' then moves.sign * summed.{{ measure }} else 0 end)
            as {{ measure }}_plan,
        {% endfor %}
        summed.cadre_key,
        moves.period_no
    from summed
    inner join moves
        on
            summed.enter_no = moves.enter_no
            and summed.window_exit_no = moves.window_exit_no
            and summed.year_exit_no = moves.year_exit_no
            and summed.is_in_plan = moves.is_in_plan
    group by summed.cadre_key, moves.period_no

),

ends as (

    select max(period_no) + 1 as end_no from {{ ref('int_plan_period') }}

)

select
    -- exact to a tenth: what went may not leave a binary crumb behind
    {% for measure in window_measures %}
    round(sum(steps.{{ measure }}) over so_far, 1) as {{ measure }},
    {% endfor %}
    {% for measure in year_measures %}
    round(sum(steps.{{ measure }}_year) over so_far, 1) as {{ measure }}_year,
    {% endfor %}
    {% for measure in plan_measures %}
    round(sum(steps.{{ measure }}_plan) over so_far, 1) as {{ measure }}_plan,
    {% endfor %}
    steps.cadre_key,
    steps.period_no as from_no,
    coalesce(
        lead(steps.period_no) over (partition by steps.cadre_key order by steps.period_no), ends.end_no
    ) as to_no
from steps
cross join ends
where steps.period_no < ends.end_no
window so_far as (
    partition by steps.cadre_key
    order by steps.period_no
    rows between unbounded preceding and current row
)
