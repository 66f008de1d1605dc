-- The one-year clock of newly promoted leaders (条例 article 14): who holds a leading main post on the business
-- date in a rank that is higher than the last one known before its date of rank; the same rank counts only
-- where it was held in a non-leading post, and where nothing is known before it counts too. A date of rank
-- that moves while the rank stays (a transfer, a correction, a new grade) starts no clock.
with

report as (

    select * from {{ ref('int_report_date') }} where is_current

),

compared as (

    select
        person_code,
        rank_code,
        valid_from,
        valid_to,
        case
            when rank_code = lag(rank_code) over (partition by person_code order by valid_from) then 0
            else 1
        end as begins_rank
    from {{ ref('int_cadre_rank_version') }}

),

numbered as (

    select
        *,
        sum(begins_rank) over (
            partition by person_code order by valid_from rows between unbounded preceding and current row
        ) as rank_number
    from compared

),

dated as (

    select
        *,
        min(valid_from) over (partition by person_code, rank_number) as promoted_on
    from numbered

),

leaders as (

    select
        spans.person_code,
        spans.cadre_key,
        dated.rank_code,
        dated.promoted_on
    from {{ ref('int_cadre_service_span') }} as spans
    inner join dated on spans.person_code = dated.person_code
    cross join report
    where
        spans.is_leading
        and {{ in_force_on('spans', 'report.report_date') }}
        and {{ in_force_on('dated', 'report.report_date') }}

),

earlier as (

    select
        leaders.cadre_key,
        spans.rank_code,
        spans.is_leading,
        row_number() over (partition by leaders.cadre_key order by spans.valid_from desc) as recency
    from leaders
    inner join {{ ref('int_cadre_service_span') }} as spans
        on leaders.person_code = spans.person_code and spans.valid_from < leaders.promoted_on

)

select
    leaders.cadre_key,
    leaders.rank_code,
    earlier.rank_code as previous_rank_code,
    leaders.promoted_on,
    -- the last day in time, by the rule in force on the day of the promotion
    {{ add_years('leaders.promoted_on', policy_value('promotion_grace_years')) }} as promotion_deadline,
    -- after this day a missed deadline is history: the rolling target says the same
    {{ add_years(
        'leaders.promoted_on', policy_value('promotion_grace_years') ~ ' + ' ~ policy_value('promotion_overdue_years')
    ) }} as overdue_until
from leaders
left join earlier on leaders.cadre_key = earlier.cadre_key and earlier.recency = 1
left join {{ ref('rank_code') }} as ranks on leaders.rank_code = ranks.rank_code
left join {{ ref('rank_code') }} as previous_ranks on earlier.rank_code = previous_ranks.rank_code
{{ join_policy_on('promotion_grace_years', 'leaders.promoted_on') }}
{{ join_policy_on('promotion_overdue_years', 'leaders.promoted_on') }}
where
    leaders.rank_code is not null
    and (
        ranks.rank_order < previous_ranks.rank_order
        or previous_ranks.rank_order is null
        or (ranks.rank_order = previous_ranks.rank_order and not earlier.is_leading)
    )
