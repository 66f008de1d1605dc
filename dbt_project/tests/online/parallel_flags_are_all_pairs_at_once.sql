-- Tests: the days with a parallel flag are those on which two parts of sessions overlap by the limit, found
-- pair by pair instead of in one pass.
-- Matters: the one pass is quick and clever; a pair that it misses is a proxy learner who is never asked.
-- Resolve: take the two sessions of the pair to int_study_parallel and follow busy_until.
with

pairs as (

    select distinct
        one.cadre_key,
        one.on_date
    from {{ ref('int_study_session_day') }} as one
    inner join {{ ref('int_study_session_day') }} as other
        on
            one.cadre_key = other.cadre_key
            and one.on_date = other.on_date
            and one.session_id < other.session_id
    {{ join_policy_on('parallel_seconds', 'one.on_date') }}
    where
        {{ seconds_between(
            'greatest(one.started_at, other.started_at)', 'least(one.ended_at, other.ended_at)'
        ) }} >= {{ policy_value('parallel_seconds') }}

),

flags as (

    select cadre_key, on_date
    from {{ ref('mart_online_flag') }}
    where kind = 'parallel'

)

select
    coalesce(pairs.cadre_key, flags.cadre_key) as cadre_key,
    coalesce(pairs.on_date, flags.on_date) as on_date,
    flags.cadre_key is not null as is_flagged
from pairs
full join flags on pairs.cadre_key = flags.cadre_key and pairs.on_date = flags.on_date
where pairs.cadre_key is null or flags.cadre_key is null
