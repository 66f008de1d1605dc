-- From when on which rank held, as the snapshots tell it. Later knowledge wins: a rank holds from its own
-- date (A0288) on, until the start of any rank seen on a later night; so a correction (the same A0288,
-- another rank) replaces what was seen before, and a corrected A0288 of the same rank moves its start. A
-- change that comes without A0288 is dated at the first night that shows it; the first rank ever seen is no
-- change: without A0288 nobody knows since when it holds.
with

compared as (

    select
        person_code,
        rank_code,
        grade_code,
        rank_group,
        rank_date,
        valid_from as seen_on,
        {{ state_of(['rank_code', 'grade_code']) }} as state,
        lag({{ state_of(['rank_code', 'grade_code']) }}) over (
            partition by person_code order by valid_from
        ) as previous_state
    from {{ ref('int_cadre_version') }}

),

numbered as (

    select
        *,
        sum(case when state = previous_state then 0 else 1 end) over (
            partition by person_code order by seen_on rows between unbounded preceding and current row
        ) as run
    from compared

),

-- of one rank the newest A0288 counts; one that got lost while the rank stayed is still known
newest_dates as (

    select
        *,
        max(case when rank_date is not null then seen_on end) over (partition by person_code, run) as dated_on
    from numbered

),

runs as (

    select
        person_code,
        run,
        rank_code,
        grade_code,
        rank_group,
        min(seen_on) as seen_on,
        max(case when seen_on = dated_on then rank_date end) as rank_date
    from newest_dates
    group by person_code, run, rank_code, grade_code, rank_group

),

dated as (

    select
        *,
        coalesce(rank_date, case when run > 1 then seen_on end) as valid_from
    from runs

),

followed as (

    select
        *,
        min(valid_from) over (
            partition by person_code order by run rows between 1 following and unbounded following
        ) as valid_to
    from dated
    where valid_from is not null

)

select
    person_code,
    rank_code,
    grade_code,
    rank_group,
    seen_on,
    valid_from,
    valid_to
from followed
where valid_to is null or valid_from < valid_to
