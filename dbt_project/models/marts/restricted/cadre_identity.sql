with

people as (

    select
        keys.cadre_key,
        people.person_code,
        people.name,
        people.id_number,
        people.unit_code
    from {{ ref('stg_cadre__person') }} as people
    inner join {{ ref('int_cadre_key') }} as keys on people.person_code = keys.person_code
    where
        people.business_date
        = (select max(newest.business_date) from {{ ref('stg_cadre__person') }} as newest)

),

placed as (

    select
        people.*,
        coalesce(units.unit_label, '单位不详') as serving_unit,
        coalesce(branches.branch_unit, '单位不详') as branch_unit
    from people
    left join {{ ref('int_unit_label') }} as units on people.unit_code = units.unit_code
    left join {{ ref('int_unit_branch') }} as branches on people.unit_code = branches.unit_code

),

labelled as (

    select
        *,
        coalesce(name, '姓名不详') || '（' || serving_unit || '·' as label_stem,
        substr(person_code, -4) as code_tail,
        count(*) over (partition by name, serving_unit, substr(person_code, -4)) as namesakes
    from placed

)

select
    cadre_key,
    person_code,
    name,
    -- region and last character stay visible, birth and order do not
    case
        when length(id_number) >= 10
            then substr(id_number, 1, 6)
                || repeat('*', length(id_number) - 7)
                || substr(id_number, -1)
    end as masked_number,
    unit_code,
    serving_unit,
    branch_unit,
    -- people of one name and unit differ in the tail of their code, or else the whole code tells them apart
    label_stem || case when namesakes > 1 then person_code else code_tail end || '）' as cadre_label
from labelled
