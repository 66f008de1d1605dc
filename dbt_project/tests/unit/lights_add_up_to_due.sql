-- Tests: due = red + yellow + green, and nobody participates who is not due, in every cell of coverage and
-- board.
-- Matters: the stacked bars of the dashboard are read as shares of the due population.
-- Resolve: look for a due cadre without a light (null rank group or target) in mart_cadre_coverage.
with

cells as (

    select 'mart_unit_coverage' as mart, unit_code, scope as part, due, participated, red, yellow, green
    from {{ ref('mart_unit_coverage') }}

    union all

    select 'mart_unit_board' as mart, unit_code, member_kind as part, due, participated, red, yellow, green
    from {{ ref('mart_unit_board') }}

)

select *
from cells
where due <> red + yellow + green or participated > due or least(due, participated, red, yellow, green) < 0
