-- Tests: the online board's hours per head are the plan's indicator, unit by unit; the outcomes of the root
-- are all learning records of linked cadres; every finding of the last years stands once on the root's board,
-- and the yearly counts of every unit are those of its board.
-- Matters: one dashboard says how much is learnt and another asks why it is too little; the two must agree,
-- and a finding that is on no board is never looked into.
-- Resolve: a cadre whose unit is not in int_unit_member is on no board; compare the units of
-- mart_cadre_coverage, fct_training and mart_online_flag with it.
with

root as (

    select unit_code from {{ ref('dim_unit') }} where parent_code is null

),

ledger as (

    select count(*) as records, sum(credited_hours) as hours
    from {{ ref('fct_training') }}
    where
        mode in ('online_class', 'online_elective', 'mobile')
        and cadre_key is not null
        and {{ year_of('activity_date') }} between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}

),

outcomes as (

    select sum(outcomes.records) as records, sum(outcomes.credited_hours) as hours
    from {{ ref('mart_online_outcome') }} as outcomes
    inner join root on outcomes.unit_code = root.unit_code

),

findings as (

    select
        board.unit_code,
        board.year,
        board.kind,
        count(*) as flags,
        count(distinct board.cadre_key) as cadres
    from {{ ref('mart_online_flag_board') }} as board
    group by board.unit_code, board.year, board.kind

)

select
    'hours per head' as what,
    board.unit_code,
    board.hours_per_head as found,
    plan.value as expected
from {{ ref('mart_online_board') }} as board
inner join {{ ref('mart_plan_indicator') }} as plan
    on
        board.unit_code = plan.unit_code
        and plan.indicator_code = 'online_hours_per_head'
        and plan.is_current
where
    board.member_kind = 'total'
    and (plan.value is null or abs(board.hours_per_head - plan.value) > 0.001)

union all

select 'records' as what, null as unit_code, outcomes.records as found, ledger.records as expected
from outcomes
cross join ledger
where outcomes.records <> ledger.records or abs(outcomes.hours - ledger.hours) > 0.5

union all

select
    'findings' as what,
    root.unit_code,
    (select count(*) from {{ ref('mart_online_flag_board') }} as board where board.unit_code = root.unit_code)
        as found,
    (
        select count(*)
        from {{ ref('mart_online_flag') }}
        where {{ year_of('on_date') }} between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}
    ) as expected
from root
where found <> expected

union all

select 'findings of a year' as what, findings.unit_code, years.flags as found, findings.flags as expected
from findings
full join {{ ref('mart_online_flag_year') }} as years
    on
        findings.unit_code = years.unit_code
        and findings.year = years.year
        and findings.kind = years.kind
where
    findings.flags is null
    or years.flags is null
    or findings.flags <> years.flags
    or findings.cadres <> years.cadres
