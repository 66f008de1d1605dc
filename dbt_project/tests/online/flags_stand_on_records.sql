-- Tests: every flag has a cadre of dim_cadre, and as many ledger rows of that cadre as it says it rests on,
-- each named in record_ids, which holds nothing else.
-- Matters: a person is asked to explain a flag: without a record behind it nobody can.
-- Resolve: compare int_study_flag_record with fct_training for the cadre and day.
with

shown as (

    select
        behind.kind,
        behind.cadre_key,
        behind.on_date,
        count(*) as records,
        sum(length(ledger.source_record_id) + 1) - 1 as letters
    from {{ ref('mart_online_flag') }} as flags
    inner join {{ ref('int_study_flag_record') }} as behind
        on
            flags.kind = behind.kind
            and flags.cadre_key = behind.cadre_key
            and flags.on_date = behind.on_date
            and position(' ' || behind.record_id || ' ' in ' ' || flags.record_ids || ' ') > 0
    inner join {{ ref('fct_training') }} as ledger
        on
            behind.record_id = ledger.source_record_id
            and behind.cadre_key = ledger.cadre_key
            and ledger.mode in ('online_class', 'online_elective', 'mobile')
    group by behind.kind, behind.cadre_key, behind.on_date

)

select
    flags.kind,
    flags.cadre_key,
    flags.on_date,
    flags.records,
    shown.records as records_found
from {{ ref('mart_online_flag') }} as flags
left join {{ ref('dim_cadre') }} as cadres on flags.cadre_key = cadres.cadre_key
left join shown
    on
        flags.kind = shown.kind
        and flags.cadre_key = shown.cadre_key
        and flags.on_date = shown.on_date
where
    cadres.cadre_key is null
    or coalesce(shown.records, 0) <> flags.records
    or coalesce(shown.letters, 0) <> length(flags.record_ids)
    or flags.records < 1
