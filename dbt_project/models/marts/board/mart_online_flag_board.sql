-- Findings as the person who looks into them chooses them: by unit with all below it and by year, each with
-- its evidence in words. A flag stands once for each unit above its cadre.
select
    flags.as_of,
    members.unit_code,
    labels.unit_label,
    {{ year_of('flags.on_date') }} as year,
    flags.kind,
    flags.kind_name,
    flags.kind_name_en,
    flags.on_date,
    flags.cadre_key,
    flags.unit_code as cadre_unit_code,
    coalesce(cadre_units.unit_label, flags.unit_code) as cadre_unit_label,
    flags.findings,
    flags.records,
    flags.record_ids,
    flags.evidence,
    flags.evidence_en
from {{ ref('mart_online_flag') }} as flags
inner join {{ ref('int_unit_member') }} as members
    on flags.unit_code = members.member_code and members.scope = 'subtree'
inner join {{ ref('int_unit_label') }} as labels on members.unit_code = labels.unit_code
left join {{ ref('int_unit_label') }} as cadre_units on flags.unit_code = cadre_units.unit_code
where {{ year_of('flags.on_date') }} between {{ year_of(as_of()) }} - 5 and {{ year_of(as_of()) }}
