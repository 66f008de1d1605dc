-- title_zh: 本级与下级的差距
-- title_en: A unit itself against the units below it
-- question_zh: 哪些单位本级覆盖好、下级差，或者相反？
-- question_en: Which units do well themselves while those below lag, or the other way round?
-- watch_zh: direct 只算本单位，subtree 含本级和全部下级；below 由两者相减得出。人数少的单位比率跳动大。
-- watch_en: direct is the unit's own cadres, subtree adds all below; `below` is the difference of both.
--   Small units' rates jump.
with sides as (
    select
        whole.unit_label,
        own.due as own_due,
        own.green as own_green,
        whole.due - own.due as below_due,
        whole.green - own.green as below_green
    from mart_unit_coverage as whole
    inner join mart_unit_coverage as own
        on whole.unit_code = own.unit_code and whole.as_of = own.as_of and own.scope = 'direct'
    where whole.scope = 'subtree' and whole.is_current and own.due > 0 and whole.due > own.due
)

select
    *,
    round(own_green / own_due, 4) as own_effective_coverage,
    round(below_green / below_due, 4) as below_effective_coverage,
    round(own_green / own_due - below_green / below_due, 4) as own_ahead_by
from sides
order by own_ahead_by desc, unit_label asc
