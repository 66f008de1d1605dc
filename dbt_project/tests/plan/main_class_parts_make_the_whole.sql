-- Tests: the hours of main classes by topic group, and by method, add up to all hours of main classes; theory
-- and party together are the share that is held against the requirement.
-- Matters: the stacked bars stand beside the share that is demanded; a lost part makes one of them lie.
-- Resolve: a topic group or method without a label has no row: see code_label (topic_group, course_method).
with

parts as (

    select
        indicator_code,
        year,
        max(denominator) as whole,
        sum(numerator) as of_parts,
        sum(case when breakdown in ('theory', 'party') then numerator else 0 end) as theory_party
    from {{ ref('mart_teaching_year') }}
    where indicator_code in ('main_class_share_by_topic_group', 'main_class_share_by_method')
    group by indicator_code, year

)

select parts.*, judged.numerator as judged_hours
from parts
inner join {{ ref('mart_teaching_year') }} as judged
    on parts.year = judged.year and judged.indicator_code = 'main_class_theory_party_share'
where
    abs(parts.whole - parts.of_parts) > 0.05
    or parts.whole <> judged.denominator
    or (
        parts.indicator_code = 'main_class_share_by_topic_group'
        and abs(parts.theory_party - judged.numerator) > 0.05
    )
