-- How many due cadres each topic had reached in each month: at least reach_min_hours credited hours of it in
-- the window (as mart_unit_weak_spot has it at the business date). Only what comes and goes is added up.
with

records as (

    select
        ledger.cadre_key,
        ledger.topic_code,
        days.enter_no,
        days.window_exit_no,
        sum(ledger.credited_hours) as credited_hours
    from {{ ref('int_training_ledger') }} as ledger
    inner join {{ ref('int_plan_day') }} as days
        on ledger.activity_date = days.activity_date and days.window_exit_no > days.enter_no
    where ledger.cadre_key is not null and ledger.credited_hours > 0 and ledger.topic_code <> 'U00'
    group by ledger.cadre_key, ledger.topic_code, days.enter_no, days.window_exit_no

),

changes as (

    select cadre_key, topic_code, enter_no as period_no, credited_hours from records
    union all
    select cadre_key, topic_code, window_exit_no as period_no, -credited_hours as credited_hours
    from records

),

steps as (

    select cadre_key, topic_code, period_no, sum(credited_hours) as credited_hours
    from changes
    group by cadre_key, topic_code, period_no

),

spans as (

    select
        cadre_key,
        topic_code,
        period_no as from_no,
        lead(period_no) over (partition by cadre_key, topic_code order by period_no) as to_no,
        sum(credited_hours) over (
            partition by cadre_key, topic_code
            order by period_no
            rows between unbounded preceding and current row
        ) as credited_hours
    from steps

),

rules as (

    select
        {{ policy_value('reach_min_hours') }} as reach_min_hours,
        min(periods.period_no) as from_no,
        max(periods.period_no) + 1 as to_no
    from {{ ref('int_plan_period') }} as periods
    {{ join_policy_on('reach_min_hours', 'periods.period_end') }}
    group by {{ policy_value('reach_min_hours') }}, reach_min_hours.valid_from

),

pieces as (

    select
        spans.topic_code,
        greatest(spans.from_no, due.from_no, rules.from_no) as from_no,
        least(spans.to_no, due.to_no, rules.to_no) as to_no
    from spans
    inner join {{ ref('int_plan_due_span') }} as due
        on
            spans.cadre_key = due.cadre_key
            and spans.from_no < due.to_no
            and due.from_no < spans.to_no
    inner join rules
        on
            rules.from_no < least(spans.to_no, due.to_no)
            and rules.to_no > greatest(spans.from_no, due.from_no)
    where spans.credited_hours >= rules.reach_min_hours - 0.000001

),

topic_changes as (

    select topic_code, period_no, sum(reached) as reached
    from (
        select topic_code, from_no as period_no, 1 as reached from pieces
        union all
        select topic_code, to_no as period_no, -1 as reached from pieces
    ) as both_ends
    group by topic_code, period_no

)

select
    periods.period_no,
    topics.topic_code,
    cast(coalesce(sum(topic_changes.reached) over (
        partition by topics.topic_code
        order by periods.period_no
        rows between unbounded preceding and current row
    ), 0) as bigint) as reached
from {{ ref('int_plan_period') }} as periods
cross join {{ ref('topic') }} as topics
left join topic_changes
    on periods.period_no = topic_changes.period_no and topics.topic_code = topic_changes.topic_code
where topics.topic_code <> 'U00'
