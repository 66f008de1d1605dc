-- Sessions that overlap an earlier one of the same cadre and day by the limit or more. Ordered by their
-- beginning, a session overlaps an earlier one exactly if it begins before the latest end so far: one pass,
-- however many sessions there are. The earlier one named is the one that ends last.
with

ordered as (

    select
        *,
        row_number() over (
            partition by cadre_key, on_date order by started_at, ended_at, session_id
        ) as position,
        max(ended_at) over (
            partition by cadre_key, on_date order by started_at, ended_at, session_id
            rows between unbounded preceding and 1 preceding
        ) as busy_until
    from {{ ref('int_study_session_day') }}

),

overlapping as (

    select
        *,
        least(ended_at, busy_until) as overlap_ended_at,
        {{ seconds_between('started_at', 'least(ended_at, busy_until)') }} as overlap_seconds
    from ordered
    where busy_until > started_at

),

parallel as (

    select overlapping.*
    from overlapping
    {{ join_policy_on('parallel_seconds', 'overlapping.on_date') }}
    where overlapping.overlap_seconds >= {{ policy_value('parallel_seconds') }}

),

paired as (

    select
        parallel.session_id,
        parallel.on_date,
        min(earlier.position) as earlier_position
    from parallel
    inner join ordered as earlier
        on
            parallel.cadre_key = earlier.cadre_key
            and parallel.on_date = earlier.on_date
            and parallel.busy_until = earlier.ended_at
    where earlier.position < parallel.position
    group by parallel.session_id, parallel.on_date

)

select
    parallel.cadre_key,
    parallel.on_date,
    parallel.session_id,
    parallel.record_id,
    parallel.course_key,
    earlier.session_id as earlier_session_id,
    earlier.record_id as earlier_record_id,
    earlier.course_key as earlier_course_key,
    parallel.started_at as overlap_started_at,
    parallel.overlap_ended_at,
    parallel.overlap_seconds
from parallel
inner join paired on parallel.session_id = paired.session_id and parallel.on_date = paired.on_date
inner join ordered as earlier
    on
        parallel.cadre_key = earlier.cadre_key
        and parallel.on_date = earlier.on_date
        and paired.earlier_position = earlier.position
