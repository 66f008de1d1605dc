-- Tests: every study session that was delivered is in fct_study_session, or its learning record is missing
-- or waits itself for a course or class, and ops_orphan says so; and nothing else is there.
-- Matters: a session lost is a flag not raised, and an hour of study that nobody can find.
-- Resolve: look in int_study_session for the join that lost it, or in ops_orphan for the lost parent.
with

delivered as (

    select
        sessions.session_id,
        records.record_id is null or orphans.key is not null as waits
    from {{ ref('stg_academy__sessions') }} as sessions
    left join {{ ref('stg_academy__records') }} as records on sessions.record_id = records.record_id
    left join (
        select distinct key
        from {{ ref('ops_orphan') }}
        where source = 'academy' and entity = 'records' and is_left_out
    ) as orphans on records.record_id = orphans.key

)

select
    coalesce(delivered.session_id, published.session_id) as session_id,
    delivered.waits,
    published.session_id is not null as is_published
from delivered
full join {{ ref('fct_study_session') }} as published on delivered.session_id = published.session_id
where
    delivered.session_id is null
    or (delivered.waits and published.session_id is not null)
    or (not delivered.waits and published.session_id is null)
