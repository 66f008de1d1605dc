-- Statements that count: not voided, not voiding; verb by its short name, year in local time.
with

statements as (

    select
        *,
        {{ regexp_remove('verb_id', '^.*/') }} as verb,
        {{ local_date('occurred_at') }} as occurred_on
    from {{ ref('stg_mobile__statements') }}

),

voided as (

    select distinct activity_id as statement_id
    from statements
    where verb = 'voided'

)

select
    statements.statement_id,
    statements.user_id,
    statements.activity_id,
    statements.verb,
    statements.duration_seconds,
    statements.score_raw,
    statements.occurred_at,
    statements.stored_at,
    statements.occurred_on,
    {{ year_of('statements.occurred_on') }} as activity_year,
    statements.batch_id,
    statements.source_file,
    statements.source_row
from statements
left join voided on statements.statement_id = voided.statement_id
where voided.statement_id is null and statements.verb <> 'voided'
