-- Counts and rates of every unit, scope and report date, for all cadres; for the business date by rank group
-- too.
with

coverage as (

    select *, 'all' as group_code from {{ ref('int_cadre_coverage') }}
    union all
    select *, rank_group as group_code from {{ ref('int_cadre_coverage') }} where is_current

),

sums as (

    select
        coverage.report_date,
        members.unit_code,
        members.scope,
        coverage.group_code,
        count(*) as due,
        sum(case when coverage.credited_hours > 0 then 1 else 0 end) as participated,
        sum(case when coverage.light = 'red' then 1 else 0 end) as red,
        sum(case when coverage.light = 'yellow' then 1 else 0 end) as yellow,
        sum(case when coverage.light = 'green' then 1 else 0 end) as green,
        sum(case when coverage.meets_annual then 1 else 0 end) as met_annual,
        sum(case when coverage.meets_online then 1 else 0 end) as met_online,
        sum(coverage.passed_results) as passed_results,
        sum(coverage.final_results) as final_results,
        -- exact to a tenth: the order of adding must not show
        round(sum(coverage.credited_hours), 1) as credited_hours
    from coverage
    inner join {{ ref('int_unit_member') }} as members on coverage.unit_code = members.member_code
    group by coverage.report_date, members.unit_code, members.scope, coverage.group_code

),

cells as (

    select
        report.report_date,
        report.is_current,
        report.report_year,
        units.unit_code,
        scopes.scope,
        rank_groups.group_code
    from {{ ref('int_report_date') }} as report
    cross join {{ ref('int_unit_current') }} as units
    cross join (
        select 'direct' as scope
        union all
        select 'subtree' as scope
    ) as scopes
    cross join (
        select 'all' as group_code
        union all
        select code as group_code from {{ ref('code_label') }} where code_list = 'rank_group'
    ) as rank_groups
    where rank_groups.group_code = 'all' or report.is_current

)

select
    cells.*,
    cast(coalesce(sums.due, 0) as bigint) as due,
    cast(coalesce(sums.participated, 0) as bigint) as participated,
    cast(coalesce(sums.red, 0) as bigint) as red,
    cast(coalesce(sums.yellow, 0) as bigint) as yellow,
    cast(coalesce(sums.green, 0) as bigint) as green,
    {{ rate('sums.participated', 'sums.due') }} as participation_rate,
    {{ rate('sums.yellow + sums.green', 'sums.due') }} as nominal_coverage,
    {{ rate('sums.green', 'sums.due') }} as effective_coverage,
    {{ rate('sums.passed_results', 'sums.final_results') }} as pass_rate,
    {{ rate('sums.met_annual', 'sums.due') }} as annual_attainment,
    {{ rate('sums.met_online', 'sums.due') }} as online_attainment,
    {{ rate('sums.credited_hours', 'sums.due') }} as hours_per_head
from cells
left join sums
    on
        cells.report_date = sums.report_date
        and cells.unit_code = sums.unit_code
        and cells.scope = sums.scope
        and cells.group_code = sums.group_code
