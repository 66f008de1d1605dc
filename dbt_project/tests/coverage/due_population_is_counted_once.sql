-- Tests: every due cadre has exactly one row of coverage, and the root's subtree counts each of them once.
-- Matters: the due population is the denominator of every rate: a person lost or doubled moves all of them.
-- Resolve: compare dim_cadre (is_due) with mart_cadre_coverage; if they agree, look in int_unit_member for a
-- unit code that counts for no unit, or twice.
with

counts as (

    select
        (select count(*) from {{ ref('dim_cadre') }} where is_due) as due_cadres,
        (select count(*) from {{ ref('mart_cadre_coverage') }}) as covered_cadres,
        (
            select coalesce(sum(coverage.due), 0)
            from {{ ref('mart_unit_coverage') }} as coverage
            inner join {{ ref('dim_unit') }} as units on coverage.unit_code = units.unit_code
            where units.parent_code is null and coverage.scope = 'subtree' and coverage.is_current
        ) as counted_at_root,
        (
            select coalesce(sum(due), 0)
            from {{ ref('mart_unit_coverage') }}
            where scope = 'direct' and is_current
        ) as counted_directly

)

select *
from counts
where due_cadres <> covered_cadres or due_cadres <> counted_at_root or due_cadres <> counted_directly
