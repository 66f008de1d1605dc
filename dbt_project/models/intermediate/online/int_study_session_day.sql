-- Sessions of cadres, split by the clock at local midnight (rules.md, online integrity). Seconds that the
-- source gives below the clock's (pauses) are shared out by the clock; above it the clock counts.
with

sessions as (

    select
        session_id,
        record_id,
        cadre_key,
        class_id,
        course_key,
        started_at,
        ended_at,
        least(seconds, clock_seconds) / clock_seconds as study_share,
        {{ local_date('started_at') }} as first_day,
        {{ local_date('ended_at') }} as last_day
    from {{ ref('int_study_session') }}
    where cadre_key is not null and clock_seconds > 0

),

within_a_day as (

    select
        session_id,
        record_id,
        cadre_key,
        class_id,
        course_key,
        first_day as on_date,
        started_at,
        ended_at,
        study_share
    from sessions
    where first_day = last_day

),

over_midnight as (

    select
        *,
        {{ each_day('first_day', 'last_day') }} as on_date
    from sessions
    where first_day < last_day

),

pieces as (

    select * from within_a_day
    union all
    select
        session_id,
        record_id,
        cadre_key,
        class_id,
        course_key,
        on_date,
        greatest(started_at, {{ local_instant('on_date', "'00:00'") }}) as started_at,
        least(ended_at, {{ local_instant(add_days('on_date', 1), "'00:00'") }}) as ended_at,
        study_share
    from over_midnight

)

select
    session_id,
    record_id,
    cadre_key,
    class_id,
    course_key,
    on_date,
    started_at,
    ended_at,
    {{ seconds_between('started_at', 'ended_at') }} * study_share as study_seconds
from pieces
-- a session that ends at midnight has no part in the next day
where started_at < ended_at
