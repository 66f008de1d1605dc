-- Tests: on the boards, every unit with due cadres has its rows; warnings are the sum of their days and of
-- their kinds; of level 2 the place is that of the red and black list; a line of the Plan is called met just
-- where it is not behind the schedule; a comparison says above just where the unit is above the mean.
-- Matters: leadership and unit managers act on these words alone; a unit missing from a board looks like a
-- unit without a problem.
-- Resolve: compare the row with mart_alert, mart_unit_ranking, mart_plan_indicator or mart_unit_coverage.
with

units as (

    select unit_code, due from {{ ref('mart_unit_coverage') }}
    where is_current and scope = 'subtree' and due > 0

),

boards as (

    select 'alert' as board, unit_code from {{ ref('mart_unit_alert_board') }}
    union
    select 'rank' as board, unit_code from {{ ref('mart_unit_rank_board') }}
    union
    select 'plan' as board, unit_code from {{ ref('mart_unit_plan_board') }} where is_current
    union
    select 'sister' as board, unit_code from {{ ref('mart_unit_sister_board') }}
    union
    select 'topic' as board, unit_code from {{ ref('mart_unit_topic_board') }}

),

kinds as (

    select
        unit_code,
        sum(case when kind = 'all' then warnings else -warnings end) as warnings_off,
        max(case when kind <> 'all' then cadres end)
        - max(case when kind = 'all' then cadres end) as cadres_over
    from {{ ref('mart_unit_alert_board') }}
    group by unit_code

)

select units.unit_code, 'missing from a board' as fault
from units
left join boards on units.unit_code = boards.unit_code
group by units.unit_code
having count(boards.board) < 5

union all

select unit_code, 'days of warnings' as fault
from {{ ref('mart_unit_alert_board') }}
where
    warnings <> overdue + due_this_month + due_next_month + due_later + undated
    or cadres > warnings
    or cadres > due

union all

select unit_code, 'kinds of warnings' as fault
from kinds
where warnings_off <> 0 or cadres_over > 0

union all

select board.member_code as unit_code, 'place on the list' as fault
from {{ ref('mart_unit_rank_board') }} as board
inner join {{ ref('mart_unit_ranking') }} as ranking
    on board.member_code = ranking.unit_code and ranking.is_current
where
    board.position <> ranking.position
    or board.score <> ranking.score
    or coalesce(board.list, '') <> coalesce(ranking.list, '')

union all

select unit_code, 'pace of the Plan' as fault
from {{ ref('mart_unit_plan_board') }}
where
    (status = 'met' and lead < -0.000001)
    or (status = 'behind' and lead > -0.000000001)
    or (status = 'no_data') <> (line <> 'schedule' and progress is null)

union all

select unit_code, 'standing among sisters' as fault
from {{ ref('mart_unit_sister_board') }}
where
    (standing = 'above') <> coalesce(lead > 0.000000001, false)
    or (standing = 'below') <> coalesce(lead < -0.000000001, false)
    or (sisters_best is not null and position = 1 and sisters_best > value + 0.000001)
