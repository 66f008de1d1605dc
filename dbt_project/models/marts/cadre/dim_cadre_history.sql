-- Where each cadre served and with which rank, and what began and ended each span.
with

spans as (

    select
        *,
        lag(valid_to) over (partition by cadre_key order by valid_from) as previous_to,
        lag(unit_code) over (partition by cadre_key order by valid_from) as previous_unit_code,
        lag(rank_code) over (partition by cadre_key order by valid_from) as previous_rank_code,
        lead(valid_from) over (partition by cadre_key order by valid_from) as next_from
    from {{ ref('int_cadre_service_span') }}
    where unit_code is not null

),

versions as (

    select * from {{ ref('int_cadre_version') }}

),

ended as (

    select
        spans.*,
        -- the status on the first day after it; where no snapshot tells, the newest says why nothing follows
        coalesce(
            versions.duty_status, case when spans.next_from is null then cadres.duty_status end
        ) as duty_status_then
    from spans
    inner join {{ ref('int_cadre_current') }} as cadres on spans.cadre_key = cadres.cadre_key
    left join versions
        on
            spans.person_code = versions.person_code
            and spans.valid_to >= versions.valid_from
            and spans.valid_to < coalesce(versions.valid_to, date '9999-12-31')

)

select
    ended.cadre_key,
    ended.unit_code,
    ended.rank_code,
    ended.grade_code,
    ended.rank_group,
    ended.is_leading,
    ended.known_by,
    ended.valid_from,
    ended.valid_to,
    case
        when ended.previous_unit_code is null then 'entry'
        when ended.previous_to < ended.valid_from then 'return'
        when ended.previous_unit_code = ended.unit_code then 'stay'
        when mergers.unit_code is not null then 'merger'
        else 'transfer'
    end as unit_move,
    case
        when ranks.rank_order < previous_ranks.rank_order then 'promotion'
        when ranks.rank_order > previous_ranks.rank_order then 'demotion'
    end as rank_move,
    case
        when ended.valid_to is null then null
        when ended.next_from = ended.valid_to then 'next'
        when ended.duty_status_then = '2' then 'retired'
        when ended.duty_status_then = '3' then 'transferred_out'
        when ended.duty_status_then = '4' then 'deceased'
        when ended.duty_status_then = '9' then 'off_duty'
        when ended.known_by = 'snapshot' then 'unlisted'
        else 'removed'
    end as ended_by
from ended
left join {{ ref('int_unit_standing') }} as mergers
    on
        ended.previous_unit_code = mergers.unit_code
        and ended.unit_code = mergers.stands_for_code
        and ended.previous_unit_code <> ended.unit_code
left join {{ ref('rank_code') }} as ranks on ended.rank_code = ranks.rank_code
left join {{ ref('rank_code') }} as previous_ranks on ended.previous_rank_code = previous_ranks.rank_code
