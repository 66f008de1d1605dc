-- What the overview shows for a chosen unit: the unit in all (total), its own cadres (own) and each unit
-- directly below (child), side by side for every rank group, so that a dashboard never adds anything up.
with

coverage as (

    select * from {{ ref('int_unit_coverage') }} where is_current

),

populated as (

    select unit_code, scope from coverage where group_code = 'all' and due > 0

),

members as (

    select unit_code, 'total' as member_kind, unit_code as member_code, 'subtree' as scope, 0 as kind_order
    from populated
    where scope = 'subtree'

    union all

    select unit_code, 'own' as member_kind, unit_code as member_code, 'direct' as scope, 1 as kind_order
    from populated
    where scope = 'direct'

    union all

    select
        units.parent_code as unit_code,
        'child' as member_kind,
        units.unit_code as member_code,
        'subtree' as scope,
        2 as kind_order
    from populated
    inner join {{ ref('int_unit_current') }} as units on populated.unit_code = units.unit_code
    where populated.scope = 'subtree' and units.parent_code is not null

),

parents as (

    select distinct unit_code from members where member_kind = 'child'

)

select
    coverage.report_date as as_of,
    members.unit_code,
    unit_labels.unit_label,
    unit_labels.unit_order,
    members.member_kind,
    members.member_code,
    case members.member_kind when 'total' then '（合计）' when 'own' then '（本级）' else '' end
    || member_labels.unit_label as member_label,
    case members.member_kind when 'total' then '(all) ' when 'own' then '(own) ' else '' end
    || member_labels.unit_label as member_label_en,
    dense_rank() over (partition by members.unit_code order by members.kind_order, members.member_code)
    - 1 as member_order,
    members.member_kind = 'child' and parents.unit_code is not null as has_children,
    parent_labels.unit_label as parent_label,
    coverage.group_code as rank_group,
    coalesce(rank_groups.label_zh, '全部职级') as rank_group_name,
    coalesce(rank_groups.label_en, 'All ranks') as rank_group_name_en,
    coalesce(rank_groups.sort_order, 0) as rank_order,
    coverage.due,
    coverage.participated,
    coverage.red,
    coverage.yellow,
    coverage.green,
    coverage.participation_rate,
    coverage.nominal_coverage,
    coverage.effective_coverage,
    coverage.pass_rate,
    coverage.annual_attainment,
    coverage.online_attainment,
    coverage.hours_per_head
from members
inner join coverage on members.member_code = coverage.unit_code and members.scope = coverage.scope
inner join {{ ref('int_unit_label') }} as unit_labels on members.unit_code = unit_labels.unit_code
inner join {{ ref('int_unit_label') }} as member_labels on members.member_code = member_labels.unit_code
inner join {{ ref('int_unit_current') }} as units on members.unit_code = units.unit_code
left join {{ ref('int_unit_label') }} as parent_labels on units.parent_code = parent_labels.unit_code
left join parents on members.member_code = parents.unit_code
left join {{ ref('code_label') }} as rank_groups
    on rank_groups.code_list = 'rank_group' and coverage.group_code = rank_groups.code
