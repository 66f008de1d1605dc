-- Tests: the parts of an indicator add up to its whole, month by month: classes and person-times by mode to
-- all of them, by type, level and kind to those that are not online; hours by topic group, and due cadres by
-- rank group, to all.
-- Matters: a reader of the report adds the parts up; a class that is in no part has not been held.
-- Resolve: a code that is in no code list drops its part: see code_label, and `unknown` in
-- int_plan_class_event.
with

parts as (

    select
        indicator_code,
        period,
        unit_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(case when breakdown = 'online_class' then numerator else 0 end) as online
    from {{ ref('mart_plan_indicator') }}
    where breakdown_list <> 'all'
    group by indicator_code, period, unit_code

),

wholes as (

    select indicator_code, period, unit_code, numerator, denominator
    from {{ ref('mart_plan_indicator') }}
    where breakdown_list = 'all'

),

pairs as (

    {% for whole in ['classes', 'person_times'] %}
    {% for part in ['class_type', 'institution_level', 'institution_kind'] %}
    select '{{ whole }}' as whole, '{{ whole }}_by_{{ part }}' as part, '{{ whole }}_by_class_mode' as online
    union all
    {% endfor %}
    select '{{ whole }}' as whole, '{{ whole }}_by_class_mode' as part, null as online
    union all
    {% endfor %}
    select 'hours_per_head' as whole, 'hours_per_head_by_topic_group' as part, null as online
    union all
    select 'hours_per_head' as whole, 'hours_per_head_by_rank' as part, null as online
    union all
    select 'annual_attainment' as whole, 'annual_attainment_by_rank' as part, null as online

)

select pairs.whole, pairs.part, wholes.period, wholes.unit_code, wholes.numerator, parts.numerator as of_parts
from pairs
inner join wholes on pairs.whole = wholes.indicator_code
left join parts
    on
        pairs.part = parts.indicator_code
        and wholes.period = parts.period
        and wholes.unit_code = parts.unit_code
left join parts as online
    on
        pairs.online = online.indicator_code
        and wholes.period = online.period
        and wholes.unit_code = online.unit_code
where
    parts.indicator_code is null
    or abs(wholes.numerator - coalesce(online.online, 0) - parts.numerator) > 0.05
    -- where each part has a denominator of its own
    or (pairs.part like '%_by_rank' and wholes.denominator <> parts.denominator)
