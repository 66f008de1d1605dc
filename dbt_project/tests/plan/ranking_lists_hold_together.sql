-- Tests: in each half-year positions run from 1 without a gap or a tie, by falling score; as many units are
-- on the red as on the black list (one unit ranked alone: red only), the first and the last of the ranking;
-- and every unit of level 2 with due cadres is ranked today.
-- Matters: the lists are read out in front of all units; one wrong name costs the ranking its authority.
-- Resolve: recompute the half-year's scores from mart_unit_coverage; look at the ranking_ rows of
-- policy_parameter in force on that day.
with

numbered as (

    select
        *,
        row_number() over (partition by half_year order by score desc, unit_code asc) as expected_position,
        count(*) over (partition by half_year) as expected_units,
        sum(case when list = 'red' then 1 else 0 end) over (partition by half_year) as red_units,
        sum(case when list = 'black' then 1 else 0 end) over (partition by half_year) as black_units
    from {{ ref('mart_unit_ranking') }}

)

select half_year, unit_code, position, list, 'wrong place or list' as fault
from numbered
where
    position <> expected_position
    or ranked_units <> expected_units
    or red_units < 1
    or (black_units <> red_units and expected_units > 1)
    or (list = 'red' and position > red_units)
    or (list = 'black' and position <= expected_units - black_units)

union all

select '' as half_year, coverage.unit_code, 0 as position, '' as list, 'not ranked' as fault
from {{ ref('mart_unit_coverage') }} as coverage
left join {{ ref('mart_unit_ranking') }} as ranking
    on coverage.as_of = ranking.as_of and coverage.unit_code = ranking.unit_code
where
    coverage.is_current
    and coverage.level = 2
    and coverage.scope = 'subtree'
    and (coverage.due > 0) <> (ranking.unit_code is not null)
