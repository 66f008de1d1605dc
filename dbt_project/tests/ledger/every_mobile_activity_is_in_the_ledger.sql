-- Tests: each actor and activity with a statement that counts has a ledger row, completed or not.
-- Matters: an activity begun and never completed is a row with status not_completed, not a silence.
-- Resolve: follow the actor and activity through int_mobile_statement and int_mobile_completion.
with

begun as (

    select distinct statements.user_id || '/' || statements.activity_id as actor_activity
    from {{ ref('int_mobile_statement') }} as statements
    left join {{ ref('ops_orphan') }} as orphans
        on orphans.source = 'mobile' and statements.statement_id = orphans.key
    where orphans.key is null

),

found as (

    select distinct {{ regexp_remove('source_record_id', '/[0-9]{4}$') }} as actor_activity
    from {{ ref('fct_training') }}
    where source = 'mobile'

)

select begun.actor_activity
from begun
left join found on begun.actor_activity = found.actor_activity
where found.actor_activity is null
