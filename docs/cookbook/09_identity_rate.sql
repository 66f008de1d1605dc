-- title_zh: 各来源身份关联率
-- title_en: Identity rate by source
-- question_zh: 各来源的人员有多少能对应到干部，靠什么规则？
-- question_en: How many people of each source could be tied to a cadre, and by which rule?
-- watch_zh: 一行为一个来源。分母是该来源中的人（不是记录）；未对应人员的记录仍在台账，credit_status 为 unresolved_person。
-- watch_en: A row is a source. The denominator is people of that source, not records; records of people not
--   tied stay in the ledger as unresolved_person.
select
    source,
    sum(people) as people,
    round(sum(share) filter (where rule is not null), 4) as tied_share,
    coalesce(sum(people) filter (where rule = 'id_number'), 0) as by_id_number,
    coalesce(sum(people) filter (where rule = 'staff_no'), 0) as by_staff_no,
    coalesce(sum(people) filter (where rule in ('name_birth_unit', 'masked_id', 'name_unit')), 0) as by_name,
    coalesce(sum(people) filter (where rule = 'probabilistic'), 0) as by_probability,
    coalesce(sum(people) filter (where rule is null), 0) as not_tied
from ops_identity
group by source
order by tied_share, source
