-- The newest snapshot's units, with a tree that always holds together.
with recursive

units as (

    select *
    from {{ ref('stg_cadre__unit') }}
    where business_date = (select max(newest.business_date) from {{ ref('stg_cadre__unit') }} as newest)

),

root as (

    -- The root is the unit without a parent; of several, the one with the shortest, then first code.
    select unit_code
    from units
    where parent_code is null
    order by length(unit_code), unit_code
    limit 1

),

top as (

    -- A tree without any root hangs under its first unit.
    select coalesce((select unit_code from root), (select min(unit_code) from units)) as unit_code

),

parents as (

    select
        units.unit_code,
        case
            when units.unit_code = top.unit_code then null else coalesce(parent.unit_code, top.unit_code)
        end as parent_code,
        units.unit_code <> top.unit_code and (parent.unit_code is null) as leads_nowhere
    from units
    cross join top
    left join units as parent on units.parent_code = parent.unit_code and units.parent_code <> units.unit_code

),

climb as (

    -- Each unit's way up. Thirty levels are far beyond any real tree: a way that long runs in somebody else's
    -- circle.
    select unit_code as start_code, parent_code as reached_code, 1 as steps
    from parents
    where parent_code is not null

    union all

    select climb.start_code, parents.parent_code as reached_code, climb.steps + 1 as steps
    from climb
    inner join parents on climb.reached_code = parents.unit_code
    where parents.parent_code is not null and climb.reached_code <> climb.start_code and climb.steps < 30

),

cycle_members as (

    select distinct start_code as unit_code from climb where reached_code = start_code

),

placed as (

    select
        parents.unit_code,
        case when cycle_members.unit_code is not null then top.unit_code else parents.parent_code end
            as parent_code,
        case
            when cycle_members.unit_code is not null then 'parents_form_a_cycle'
            when parents.leads_nowhere then 'parent_missing'
        end as reparented_code
    from parents
    cross join top
    left join cycle_members on parents.unit_code = cycle_members.unit_code

)

select
    units.unit_code,
    units.unit_name,
    units.short_name,
    units.unit_name_nfkc,
    units.short_name_nfkc,
    placed.parent_code,
    units.credit_code,
    units.region_code,
    units.category,
    units.is_active,
    units.successor_code,
    placed.reparented_code,
    case placed.reparented_code
        when 'parents_form_a_cycle' then 'the parents form a cycle'
        when 'parent_missing' then 'the parent is missing'
    end as reparented_reason,
    units.batch_id,
    units.source_file,
    units.source_row
from units
inner join placed on units.unit_code = placed.unit_code
