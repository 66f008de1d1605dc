-- The units directly below a chosen unit in the order of their scores, with their lights and the list they
-- are on; a unit without units below stands with its own row among its sisters.
with

scored as (

    select
        coverage.*,
        {{ ranking_score('coverage') }} as score
    from {{ ref('mart_unit_coverage') }} as coverage
    {{ join_ranking_weights('coverage.as_of') }}
    where coverage.is_current and coverage.scope = 'subtree' and coverage.due > 0

),

placed as (

    select
        *,
        row_number() over (partition by parent_code order by score desc, unit_code asc) as position,
        count(*) over (partition by parent_code) as ranked_units
    from scored

),

parents as (

    select distinct parent_code as unit_code from placed where parent_code is not null

),

lines as (

    select parent_code as board_code, 'child' as member_kind, * from placed where parent_code is not null

    union all

    select placed.unit_code as board_code, 'own' as member_kind, placed.*
    from placed
    left join parents on placed.unit_code = parents.unit_code
    where parents.unit_code is null

)

select
    lines.as_of,
    lines.board_code as unit_code,
    labels.unit_label,
    lines.member_kind,
    lines.unit_code as member_code,
    lines.unit_label as member_label,
    cast(lines.position as bigint) as position,
    cast(lines.ranked_units as bigint) as ranked_units,
    -- the first and the last of a long list, or all of a short one
    lines.member_kind = 'own'
    or lines.position <= {{ var('board_edge_units') }}
    or lines.position > lines.ranked_units - {{ var('board_edge_units') }} as is_at_edge,
    lines.score,
    lines.due,
    lines.red,
    lines.yellow,
    lines.green,
    lines.nominal_coverage,
    lines.effective_coverage,
    lines.annual_attainment,
    ranking.list,
    coalesce(marks.label_zh, '') as list_mark,
    coalesce(marks.label_en, '') as list_mark_en
from lines
inner join {{ ref('int_unit_label') }} as labels on lines.board_code = labels.unit_code
left join {{ ref('mart_unit_ranking') }} as ranking
    on lines.unit_code = ranking.unit_code and lines.as_of = ranking.as_of
left join {{ ref('code_label') }} as marks
    on marks.code_list = 'ranking_mark' and ranking.list = marks.code
