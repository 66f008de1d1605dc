-- How many people of each learning system were tied to a cadre, by rule; rule null: not tied.
with

counts as (

    select
        source,
        rule,
        count(*) as people,
        count(*) * 1.0 / sum(count(*)) over (partition by source) as share
    from {{ ref('int_identity_link') }}
    group by source, rule

)

select
    counts.source,
    sources.label_zh as source_name,
    sources.label_en as source_name_en,
    counts.rule,
    coalesce(rules.label_zh, '未对应') as rule_name,
    coalesce(rules.label_en, 'Not tied') as rule_name_en,
    coalesce(rules.sort_order, 99) as rule_order,
    counts.rule is not null as is_tied,
    counts.people,
    counts.share
from counts
left join {{ ref('code_label') }} as sources
    on sources.code_list = 'person_source' and counts.source = sources.code
left join {{ ref('code_label') }} as rules
    on rules.code_list = 'identity_rule' and counts.rule = rules.code
