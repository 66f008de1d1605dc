-- Warnings of a unit with all units below, by kind and by when they fall due, so that a dashboard never adds
-- up levels of the tree. Every kind has its row, also where nobody is warned: 0 is an answer.
{% set month_start = "cast(substr(cast(" ~ as_of() ~ " as varchar), 1, 7) || '-01' as date)" -%}
with

kinds as (

    select code as kind, label_zh as kind_name, label_en as kind_name_en, sort_order as kind_order
    from {{ ref('code_label') }}
    where code_list = 'alert'

    union all

    select code as kind, label_zh as kind_name, label_en as kind_name_en, sort_order as kind_order
    from {{ ref('code_label') }}
    where code_list = 'breakdown' and code = 'all'

),

warnings as (

    select
        members.unit_code,
        alerts.kind,
        alerts.cadre_key,
        case
            when alerts.due_on is null then 'undated'
            when alerts.due_on < {{ month_start }} then 'before'
            when alerts.due_on < {{ add_months(month_start, 1) }} then 'this_month'
            when alerts.due_on < {{ add_months(month_start, 2) }} then 'next_month'
            else 'later'
        end as due_when
    from {{ ref('mart_alert') }} as alerts
    inner join {{ ref('int_unit_member') }} as members
        on alerts.unit_code = members.member_code and members.scope = 'subtree'

),

counted as (

    select * from warnings
    union all
    select unit_code, 'all' as kind, cadre_key, due_when from warnings

),

sums as (

    select
        unit_code,
        kind,
        count(*) as warnings,
        count(distinct cadre_key) as cadres,
        sum(case when due_when = 'before' then 1 else 0 end) as overdue,
        sum(case when due_when = 'this_month' then 1 else 0 end) as due_this_month,
        sum(case when due_when = 'next_month' then 1 else 0 end) as due_next_month,
        sum(case when due_when = 'later' then 1 else 0 end) as due_later,
        sum(case when due_when = 'undated' then 1 else 0 end) as undated
    from counted
    group by unit_code, kind

)

select
    units.as_of,
    units.unit_code,
    units.unit_label,
    kinds.kind,
    kinds.kind_name,
    kinds.kind_name_en,
    kinds.kind_order,
    units.due,
    cast(coalesce(sums.cadres, 0) as bigint) as cadres,
    cast(coalesce(sums.warnings, 0) as bigint) as warnings,
    cast(coalesce(sums.overdue, 0) as bigint) as overdue,
    cast(coalesce(sums.due_this_month, 0) as bigint) as due_this_month,
    cast(coalesce(sums.due_next_month, 0) as bigint) as due_next_month,
    cast(coalesce(sums.due_later, 0) as bigint) as due_later,
    cast(coalesce(sums.undated, 0) as bigint) as undated
from {{ ref('mart_unit_coverage') }} as units
cross join kinds
left join sums on units.unit_code = sums.unit_code and kinds.kind = sums.kind
where units.is_current and units.scope = 'subtree' and units.due > 0
