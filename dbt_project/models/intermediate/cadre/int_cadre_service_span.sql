-- Where each cadre of the newest snapshot served and with which rank, day by day, as spans.
-- Unit: the main post in A02; on days without one, the nightly snapshot in force, while it says on duty;
-- before the first snapshot such days have no unit. An open post ends on the first night that shows the cadre
-- off duty (retired, transferred out, deceased); a post with a date of removal keeps it.
-- Rank: as the snapshots know it from its date of rank on (int_cadre_rank_version), before that the post's
-- (docs/decisions/0006 and 0010).
with

posts as (

    select * from {{ ref('int_cadre_post_span') }}

),

versions as (

    select * from {{ ref('int_cadre_version') }}

),

ranks as (

    select * from {{ ref('int_cadre_rank_version') }}

),

boundaries as (

    {% for relation in ['posts', 'versions', 'ranks'] %}
    {% for side in ['valid_from', 'valid_to'] %}
    select person_code, {{ side }} as boundary from {{ relation }} where {{ side }} is not null
    {{ 'union' if not loop.last }}
    {% endfor %}
    {{ 'union' if not loop.last }}
    {% endfor %}

),

pieces as (

    select
        boundaries.person_code,
        cadres.cadre_key,
        boundaries.boundary as valid_from,
        lead(boundaries.boundary) over (
            partition by boundaries.person_code order by boundaries.boundary
        ) as valid_to
    from boundaries
    inner join {{ ref('int_cadre_current') }} as cadres on boundaries.person_code = cadres.person_code

),

known as (

    select
        pieces.person_code,
        pieces.cadre_key,
        pieces.valid_from,
        pieces.valid_to,
        posts.unit_code as post_unit_code,
        posts.rank_code as post_rank_code,
        posts.rank_group as post_rank_group,
        posts.is_leading,
        posts.appointed_on,
        versions.unit_code as seen_unit_code,
        versions.rank_code as seen_rank_code,
        versions.grade_code as seen_grade_code,
        versions.rank_group as seen_rank_group,
        ranks.person_code is not null as has_dated_rank,
        ranks.rank_code,
        ranks.grade_code,
        ranks.rank_group,
        coalesce(versions.duty_status <> '1', false) as is_off_duty,
        posts.person_code is not null
        and not coalesce(
            versions.duty_status <> '1'
            and posts.removed_on is null
            and posts.appointed_on <= versions.duty_since,
            false
        ) as is_in_post,
        coalesce(versions.duty_status = '1', false) as is_seen_on_duty
    from pieces
    -- no `or` in the conditions: with one the engine compares every piece with every post
    left join posts
        on
            pieces.person_code = posts.person_code
            and {{ in_force_on('posts', 'pieces.valid_from') }}
    left join versions
        on
            pieces.person_code = versions.person_code
            and {{ in_force_on('versions', 'pieces.valid_from') }}
    left join ranks
        on
            pieces.person_code = ranks.person_code
            and {{ in_force_on('ranks', 'pieces.valid_from') }}

),

chosen as (

    select
        person_code,
        cadre_key,
        case when is_in_post then post_unit_code when is_seen_on_duty then seen_unit_code end as unit_code,
        case
            when has_dated_rank then rank_code
            when is_in_post then post_rank_code
            when is_seen_on_duty then seen_rank_code
        end as rank_code,
        case
            when has_dated_rank then grade_code
            when is_seen_on_duty and not is_in_post then seen_grade_code
        end as grade_code,
        case
            when has_dated_rank then rank_group
            when is_in_post then post_rank_group
            when is_seen_on_duty then seen_rank_group
        end as rank_group,
        case when is_in_post then is_leading end as is_leading,
        case when is_in_post then appointed_on end as appointed_on,
        case when is_in_post then 'post' when is_seen_on_duty then 'snapshot' end as known_by,
        valid_from,
        valid_to
    from known
    -- not before anything is known, nor out of service; from the date of rank on days between posts count too
    where is_in_post or is_seen_on_duty or (has_dated_rank and not is_off_duty)

),

compared as (

    select
        *,
        {{ state_of([
            'unit_code', 'rank_code', 'grade_code', 'rank_group', 'is_leading', 'appointed_on', 'known_by'
        ]) }} as state,
        lag(valid_to) over (partition by person_code order by valid_from) as previous_to
    from chosen

),

flagged as (

    select
        *,
        case
            when
                previous_to = valid_from
                and state = lag(state) over (partition by person_code order by valid_from)
                then 0
            else 1
        end as begins_span
    from compared

),

grouped as (

    select
        *,
        sum(begins_span) over (
            partition by person_code order by valid_from rows between unbounded preceding and current row
        ) as span_number
    from flagged

)

select
    person_code,
    cadre_key,
    unit_code,
    rank_code,
    grade_code,
    rank_group,
    is_leading,
    appointed_on,
    known_by,
    min(valid_from) as valid_from,
    nullif(max(coalesce(valid_to, date '9999-12-31')), date '9999-12-31') as valid_to
from grouped
group by
    person_code,
    cadre_key,
    span_number,
    unit_code,
    rank_code,
    grade_code,
    rank_group,
    is_leading,
    appointed_on,
    known_by
