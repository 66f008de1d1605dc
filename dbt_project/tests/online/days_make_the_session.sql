-- Tests: the parts of a cadre's session by day add up to its seconds (at most the clock's), no more, no less.
-- Matters: seconds lost or doubled at midnight raise a marathon, or hide one.
-- Resolve: look in int_study_session_day at how the session is cut.
with

parts as (

    select session_id, sum(study_seconds) as study_seconds
    from {{ ref('int_study_session_day') }}
    group by session_id

)

select
    sessions.session_id,
    sessions.seconds,
    parts.study_seconds
from {{ ref('fct_study_session') }} as sessions
left join parts on sessions.session_id = parts.session_id
where
    sessions.cadre_key is not null
    and abs(
        coalesce(parts.study_seconds, 0)
        - least(sessions.seconds, {{ seconds_between('sessions.started_at', 'sessions.ended_at') }})
    ) > 0.001
