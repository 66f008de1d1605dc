-- Weak spots of a chosen unit and of each unit directly below it, side by side as on mart_unit_board, so
-- that a dashboard shows where below a unit the gaps are without a join of its own.
select
    spots.as_of,
    board.unit_code,
    board.unit_label,
    board.member_kind,
    board.member_code,
    board.member_label,
    board.member_label_en,
    spots.topic_code,
    spots.topic_name,
    spots.topic_name_en,
    spots.due,
    spots.reached,
    spots.reach,
    spots.benchmark,
    spots.gap,
    spots.severity,
    spots.severity_name,
    spots.severity_name_en,
    cast(case spots.severity when 'severe' then 1 when 'weak' then 2 else 3 end as bigint) as severity_order
from {{ ref('mart_unit_board') }} as board
inner join {{ ref('mart_unit_weak_spot') }} as spots on board.member_code = spots.unit_code
where board.rank_group = 'all' and board.member_kind in ('total', 'child')
