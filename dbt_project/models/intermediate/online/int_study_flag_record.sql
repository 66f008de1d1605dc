-- The ledger rows behind each flag (source_record_id of fct_training).
with

marathon_days as (

    select
        marathons.cadre_key,
        marathons.on_date,
        sessions.record_id
    from {{ ref('int_study_marathon') }} as marathons
    inner join {{ ref('int_study_session_day') }} as sessions
        on marathons.cadre_key = sessions.cadre_key and marathons.on_date = sessions.on_date

),

crammed as (

    select
        years.cadre_key,
        years.on_date,
        ledger.source_record_id as record_id
    from {{ ref('int_study_cramming') }} as years
    inner join {{ ref('int_training_ledger') }} as ledger
        on
            years.cadre_key = ledger.cadre_key
            and ledger.activity_date >= years.crammed_from
            and ledger.activity_date <= years.on_date
    where ledger.credited_hours > 0 and ledger.mode in ('online_class', 'online_elective', 'mobile')

),

unioned as (

    select 'parallel' as kind, cadre_key, on_date, record_id
    from {{ ref('int_study_parallel') }}
    union all
    select 'parallel' as kind, cadre_key, on_date, earlier_record_id as record_id
    from {{ ref('int_study_parallel') }}
    union all
    select 'marathon' as kind, cadre_key, on_date, record_id
    from marathon_days
    union all
    select 'too_fast' as kind, cadre_key, on_date, record_id
    from {{ ref('int_study_too_fast') }}
    union all
    select 'cramming' as kind, cadre_key, on_date, record_id
    from crammed
    union all
    select 'during_class' as kind, cadre_key, on_date, record_id
    from {{ ref('int_study_during_class') }}

)

select distinct kind, cadre_key, on_date, record_id
from unioned
