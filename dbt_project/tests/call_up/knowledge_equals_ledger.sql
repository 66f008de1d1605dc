-- Tests: reserves lie between 0 and 100; the hours beside them are the ledger's of that topic in the
-- window, for every due cadre and topic with target hours; no reserve is more than its hours at full
-- mastery today would give.
-- Matters: the reserve picks the classes that a cadre is sent to; hours that the ledger has not are
-- nowhere explained.
-- Resolve: list the rows of fct_training of the cadre and topic in the window beside int_cadre_knowledge.
with

ledger as (

    select ledger.cadre_key, ledger.topic_code, sum(ledger.credited_hours) as credited_hours
    from {{ ref('fct_training') }} as ledger
    inner join {{ ref('mart_cadre_coverage') }} as coverage on ledger.cadre_key = coverage.cadre_key
    where
        ledger.activity_date between {{ window_start(as_of()) }} and {{ as_of() }}
        and ledger.credited_hours > 0
        and ledger.topic_code <> 'U00'
    group by ledger.cadre_key, ledger.topic_code

)

select
    coalesce(knowledge.cadre_key, ledger.cadre_key) as cadre_key,
    coalesce(knowledge.topic_code, ledger.topic_code) as topic_code,
    knowledge.credited_hours,
    ledger.credited_hours as ledger_hours,
    knowledge.reserve
from {{ ref('mart_cadre_knowledge') }} as knowledge
full outer join ledger
    on knowledge.cadre_key = ledger.cadre_key and knowledge.topic_code = ledger.topic_code
where
    knowledge.cadre_key is null
    or ledger.cadre_key is null
    or abs(knowledge.credited_hours - ledger.credited_hours) > 0.05
    or knowledge.reserve < 0
    or knowledge.reserve > 100
    or knowledge.reserve > 100 * knowledge.credited_hours / knowledge.target_hours + 0.05
