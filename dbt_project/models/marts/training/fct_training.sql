-- The whole credit ledger with the unit and rank group that held on the day.
with

ledger as (

    select * from {{ ref('int_training_ledger') }}

),

spans as (

    select * from {{ ref('dim_cadre_history') }}

),

cadres as (

    select cadre_key, unit_code, rank_group from {{ ref('dim_cadre') }}

)

select
    ledger.source || ':' || ledger.source_record_id as ledger_id,
    ledger.cadre_key,
    ledger.source,
    ledger.source_record_id,
    ledger.enrollment_id,
    ledger.mode,
    ledger.class_id,
    ledger.course_key,
    ledger.topic_code,
    ledger.activity_date,
    ledger.completed_at,
    ledger.raw_hours,
    ledger.credited_hours,
    ledger.credit_status,
    ledger.rule_code,
    ledger.is_statutory,
    ledger.score,
    coalesce(spans.unit_code, cadres.unit_code) as unit_code_then,
    cadres.unit_code as unit_code_now,
    coalesce(spans.rank_group, cadres.rank_group) as rank_group_then,
    ledger.evidence_grade,
    ledger.batch_id,
    ledger.source_file,
    ledger.source_row
from ledger
left join cadres on ledger.cadre_key = cadres.cadre_key
left join spans
    on
        ledger.cadre_key = spans.cadre_key
        and {{ in_force_on('spans', 'ledger.activity_date') }}
