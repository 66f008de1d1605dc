-- How many findings of each kind a unit has with all below it, by year and today's unit of each cadre. Kinds
-- stand side by side: a cadre may have several.
with

flags as (

    select
        flags.*,
        {{ year_of('flags.on_date') }} as flag_year
    from {{ ref('mart_online_flag') }} as flags

),

sums as (

    select
        members.unit_code,
        flags.flag_year,
        flags.kind,
        min(flags.kind_name) as kind_name,
        min(flags.kind_name_en) as kind_name_en,
        count(*) as flags,
        count(distinct flags.cadre_key) as cadres
    from flags
    inner join {{ ref('int_unit_member') }} as members
        on flags.unit_code = members.member_code and members.scope = 'subtree'
    where flags.flag_year between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}
    group by members.unit_code, flags.flag_year, flags.kind

)

select
    sums.unit_code,
    labels.unit_label,
    sums.flag_year as year,
    sums.kind,
    sums.kind_name,
    sums.kind_name_en,
    sums.flags,
    sums.cadres
from sums
inner join {{ ref('int_unit_label') }} as labels on sums.unit_code = labels.unit_code
