-- The nightly snapshots, reduced to what changed: one row per person and unbroken run of nights that say the
-- same. A year of nights has hundreds of rows a person and about one change: they are counted first, and only
-- the few people who left a state and came back to it have their nights put in order one by one.
with

dates as (

    select distinct business_date from {{ ref('stg_cadre__person') }}

),

nights as (

    select
        business_date,
        row_number() over (order by business_date) as night
    from dates

),

sightings as (

    select
        people.person_code,
        people.unit_code,
        people.rank_code_source,
        people.grade_code,
        people.rank_date,
        people.duty_status,
        nights.night
    from {{ ref('stg_cadre__person') }} as people
    inner join nights on people.business_date = nights.business_date

),

states as (

    select
        person_code,
        unit_code,
        rank_code_source,
        grade_code,
        rank_date,
        duty_status,
        min(night) as first_night,
        max(night) as last_night,
        count(*) as nights_seen
    from sightings
    group by person_code, unit_code, rank_code_source, grade_code, rank_date, duty_status

),

returned as (

    select distinct person_code from states where nights_seen <= last_night - first_night

),

numbered as (

    select
        sightings.*,
        sightings.night - row_number() over (
            partition by
                sightings.person_code,
                sightings.unit_code,
                sightings.rank_code_source,
                sightings.grade_code,
                sightings.rank_date,
                sightings.duty_status
            order by sightings.night
        ) as run
    from sightings
    inner join returned on sightings.person_code = returned.person_code

),

runs as (

    select
        states.person_code,
        states.unit_code,
        states.rank_code_source,
        states.grade_code,
        states.rank_date,
        states.duty_status,
        states.first_night,
        states.last_night
    from states
    left join returned on states.person_code = returned.person_code
    where returned.person_code is null

    union all

    select
        person_code,
        unit_code,
        rank_code_source,
        grade_code,
        rank_date,
        duty_status,
        min(night) as first_night,
        max(night) as last_night
    from numbered
    group by person_code, unit_code, rank_code_source, grade_code, rank_date, duty_status, run

),

translated as (

    select
        runs.person_code,
        runs.unit_code,
        {{ rank_in_new_codes('new_rank', 'old_rank') }} as rank_code,
        runs.grade_code,
        {{ rank_group_of('new_rank', 'old_rank', 'grades') }} as rank_group,
        runs.rank_date,
        runs.duty_status,
        runs.first_night,
        runs.last_night
    from runs
    left join {{ ref('rank_code') }} as new_rank on runs.rank_code_source = new_rank.rank_code
    left join {{ ref('rank_code') }} as old_rank on runs.rank_code_source = old_rank.old_rank_code
    left join {{ ref('grade_code') }} as grades on runs.grade_code = grades.grade_code

),

compared as (

    select
        *,
        {{ state_of(['unit_code', 'rank_code', 'grade_code', 'rank_date', 'duty_status']) }} as state,
        lag(last_night) over (partition by person_code order by first_night) as previous_night,
        lag(duty_status) over (partition by person_code order by first_night) as previous_duty_status
    from translated

),

-- An old rank code that was written anew, or nothing at all, has changed: the run goes on.
flagged as (

    select
        *,
        case
            when
                previous_night = first_night - 1
                and state = lag(state) over (partition by person_code order by first_night)
                then 0
            else 1
        end as begins_version,
        case
            when previous_night = first_night - 1 and duty_status = previous_duty_status then 0 else 1
        end as begins_duty
    from compared

),

grouped as (

    select
        *,
        sum(begins_version) over (
            partition by person_code order by first_night rows between unbounded preceding and current row
        ) as version_number,
        max(case when begins_duty = 1 then first_night end) over (
            partition by person_code order by first_night rows between unbounded preceding and current row
        ) as duty_night
    from flagged

),

versions as (

    select
        person_code,
        unit_code,
        rank_code,
        grade_code,
        rank_group,
        rank_date,
        duty_status,
        min(duty_night) as duty_night,
        min(first_night) as first_night,
        max(last_night) as last_night
    from grouped
    group by
        person_code,
        version_number,
        unit_code,
        rank_code,
        grade_code,
        rank_group,
        rank_date,
        duty_status

)

select
    versions.person_code,
    versions.unit_code,
    versions.rank_code,
    versions.grade_code,
    versions.rank_group,
    versions.rank_date,
    versions.duty_status,
    since.business_date as duty_since,
    first_seen.business_date as valid_from,
    -- in force until the first night that says something else, or no longer has the person
    first_other.business_date as valid_to
from versions
inner join nights as first_seen on versions.first_night = first_seen.night
inner join nights as since on versions.duty_night = since.night
left join nights as first_other on versions.last_night + 1 = first_other.night
