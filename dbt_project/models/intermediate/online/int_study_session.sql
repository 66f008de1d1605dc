-- Study sessions of the online academy with the cadre and the course of their learning record.
with

joined as (

    select
        sessions.session_id,
        sessions.record_id,
        records.cadre_key,
        records.class_id,
        records.course_key,
        sessions.started_at,
        sessions.ended_at,
        {{ seconds_between('sessions.started_at', 'sessions.ended_at') }} as clock_seconds,
        sessions.seconds as stated_seconds,
        sessions.interactions,
        sessions.batch_id,
        sessions.source_file,
        sessions.source_row
    from {{ ref('stg_academy__sessions') }} as sessions
    -- without its record, or of a record that waits for its course or class: ops_orphan lists what is missing
    inner join {{ ref('int_training_record') }} as records
        on records.source = 'academy' and sessions.record_id = records.source_record_id

)

select
    session_id,
    record_id,
    cadre_key,
    class_id,
    course_key,
    started_at,
    ended_at,
    clock_seconds,
    cast(round(coalesce(stated_seconds, clock_seconds)) as bigint) as seconds,
    cast(interactions as bigint) as interactions,
    batch_id,
    source_file,
    source_row
from joined
