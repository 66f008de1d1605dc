-- Tests: credited, statutory and systematic hours of every due cadre equal the sum of their ledger rows in
-- the window.
-- Matters: "why is this number what it is?" is answered by the ledger; a number that it does not add up to
-- has no answer.
-- Resolve: take one cadre_key below, list their rows of fct_training in the window and find the row that
-- int_cadre_day or int_cadre_coverage counts and this does not (or the other way round).
with

ledger as (

    select
        ledger.cadre_key,
        sum(ledger.credited_hours) as credited_hours,
        sum(case when ledger.is_statutory then ledger.credited_hours else 0 end) as statutory_hours,
        sum(
            case
                when
                    topics.group_code in ('theory', 'party')
                    and ledger.mode in ('off_job', 'part_time', 'online_class')
                    then ledger.credited_hours
                else 0
            end
        ) as systematic_hours
    from {{ ref('fct_training') }} as ledger
    inner join {{ ref('dim_topic') }} as topics on ledger.topic_code = topics.topic_code
    where ledger.activity_date between {{ window_start(as_of()) }} and {{ as_of() }}
    group by ledger.cadre_key

)

select
    coverage.cadre_key,
    coverage.credited_hours,
    ledger.credited_hours as ledger_hours,
    coverage.statutory_hours,
    ledger.statutory_hours as ledger_statutory_hours,
    coverage.systematic_hours,
    ledger.systematic_hours as ledger_systematic_hours
from {{ ref('mart_cadre_coverage') }} as coverage
left join ledger on coverage.cadre_key = ledger.cadre_key
where
    abs(coverage.credited_hours - coalesce(ledger.credited_hours, 0)) > 0.05
    or abs(coverage.statutory_hours - coalesce(ledger.statutory_hours, 0)) > 0.05
    or abs(coverage.systematic_hours - coalesce(ledger.systematic_hours, 0)) > 0.05
