-- Knowledge reserve (rules.md): credited hours of the window, weighed by mastery, halved with each half-life
-- of age, against the topic's target hours for the rank group of the cadre.
with

due as (

    select * from {{ ref('int_cadre_coverage') }} where is_current

),

targets as (

    select topic_code, rank_group, target_hours
    from {{ ref('topic_target') }}
    where {{ in_force_on(none, as_of()) }}

),

weighed as (

    select
        due.report_date,
        due.cadre_key,
        due.unit_code,
        due.rank_group,
        ledger.topic_code,
        ledger.credited_hours,
        coalesce(ledger.score / 100, {{ policy('default_mastery') }}) as mastery,
        power(
            0.5,
            {{ days_between('ledger.activity_date', 'due.report_date') }}
            / {{ policy('reserve_half_life_days') }}
        ) as freshness
    from due
    inner join {{ ref('int_training_ledger') }} as ledger
        on
            due.cadre_key = ledger.cadre_key
            and ledger.activity_date >= due.window_start
            and ledger.activity_date <= due.report_date
            and ledger.credited_hours > 0

),

summed as (

    select
        report_date,
        cadre_key,
        unit_code,
        rank_group,
        topic_code,
        sum(credited_hours) as credited_hours,
        sum(credited_hours * mastery * freshness) as fresh_hours
    from weighed
    group by report_date, cadre_key, unit_code, rank_group, topic_code

)

select
    summed.report_date as as_of,
    summed.cadre_key,
    summed.unit_code,
    summed.rank_group,
    summed.topic_code,
    round(summed.credited_hours, 1) as credited_hours,
    targets.target_hours,
    -- six decimals first: the order of adding must not decide a last digit
    round(least(100, round(100 * summed.fresh_hours / targets.target_hours, 6)), 1) as reserve
from summed
-- a topic without target hours (U00) has no reserve
inner join targets
    on
        summed.topic_code = targets.topic_code
        and summed.rank_group = targets.rank_group
        and targets.target_hours > 0
