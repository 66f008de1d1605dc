-- Every rule that is data, in one list: what it says, from when to when, and what it stands on.
with

labels as (

    select * from {{ ref('code_label') }}

),

topics as (

    select topic_code, topic_name from {{ ref('topic') }}

),

parameters as (

    select
        'parameter' as rule_kind,
        parameter.name as rule_code,
        'all' as scope,
        parameter.value,
        parameter.unit,
        coalesce(labels.label_zh, parameter.name) as text_zh,
        coalesce(labels.label_en, parameter.name) as text_en,
        parameter.valid_from,
        parameter.valid_to,
        parameter.origin,
        parameter.citation
    from {{ ref('policy_parameter') }} as parameter
    left join labels on labels.code_list = 'parameter' and parameter.name = labels.code

),

target_values as (

    select
        *,
        'hours' as measure,
        min_hours as minimum,
        'credit hour' as unit,
        '学时' as unit_zh,
        'credit hours' as unit_en
    from {{ ref('policy_target') }}

    union all

    select
        *,
        'days' as measure,
        min_days as minimum,
        'day' as unit,
        '天' as unit_zh,
        'days' as unit_en
    from {{ ref('policy_target') }}
    where min_days is not null

),

targets as (

    select
        'target' as rule_kind,
        target.target_window || '_' || target.counts || '_' || target.measure as rule_code,
        target.rank_group as scope,
        {{ number_text('target.minimum') }} as value,
        target.unit,
        coalesce(groups.label_zh, '全体干部')
        || windows.label_zh || counted.label_zh || '不少于' || {{ number_text('target.minimum') }}
        || target.unit_zh as text_zh,
        coalesce(groups.label_en, 'All cadres') || ', ' || lower(windows.label_en) || ', '
        || lower(counted.label_en) || ': at least ' || {{ number_text('target.minimum') }} || ' '
        || target.unit_en as text_en,
        target.valid_from,
        target.valid_to,
        target.origin,
        target.citation
    from target_values as target
    left join labels as groups on groups.code_list = 'rank_group' and target.rank_group = groups.code
    left join
        labels as windows
        on windows.code_list = 'target_window' and target.target_window = windows.code
    left join labels as counted on counted.code_list = 'counts' and target.counts = counted.code

),

credit_rules as (

    select
        'credit_status' as rule_kind,
        rule_code,
        scope,
        credit_status as value,
        'credit status' as unit,
        rule_zh as text_zh,
        rule_en as text_en,
        valid_from,
        valid_to,
        origin,
        citation
    from {{ ref('credit_rule') }}

),

counted_modes as (

    select
        'counted_mode' as rule_kind,
        rule.counts || ':' || rule.mode as rule_code,
        coalesce(rule.topic_group, 'all') as scope,
        coalesce(rule.institution, 'any') as value,
        'institution' as unit,
        modes.label_zh
        || case when rule.institution is not null then '（认可的机构）' else '' end
        || coalesce('的' || topic_group.group_name, '') || '学时计入' || counted.label_zh as text_zh,
        modes.label_en
        || case when rule.institution is not null then ' at recognised institutions' else '' end
        || coalesce(', topic group ' || rule.topic_group, '')
        || ' counts towards: ' || lower(counted.label_en) as text_en,
        rule.valid_from,
        rule.valid_to,
        rule.origin,
        rule.citation
    from {{ ref('counted_mode') }} as rule
    left join labels as modes on modes.code_list = 'mode' and rule.mode = modes.code
    left join labels as counted on counted.code_list = 'counts' and rule.counts = counted.code
    left join (
        select group_code, min(group_name) as group_name
        from {{ ref('topic') }}
        group by group_code
    ) as topic_group on rule.topic_group = topic_group.group_code

),

mappings as (

    select
        'topic_mapping' as rule_kind,
        mapping.category_text as rule_code,
        mapping.source as scope,
        mapping.topic_code as value,
        'topic' as unit,
        '类别“' || mapping.category_text || '”归入' || topics.topic_name as text_zh,
        'Category ' || mapping.category_text || ' means topic ' || mapping.topic_code as text_en,
        mapping.valid_from,
        mapping.valid_to,
        mapping.origin,
        mapping.citation
    from {{ ref('topic_mapping') }} as mapping
    left join topics on mapping.topic_code = topics.topic_code

),

keywords as (

    select
        'topic_keyword' as rule_kind,
        keyword.keyword as rule_code,
        'title' as scope,
        keyword.topic_code as value,
        'topic' as unit,
        '名称含“' || keyword.keyword || '”归入' || topics.topic_name
        || '（次序' || cast(keyword.priority as varchar) || '）' as text_zh,
        'A title with ' || keyword.keyword || ' means topic ' || keyword.topic_code
        || ' (keyword number ' || cast(keyword.priority as varchar) || ')' as text_en,
        keyword.valid_from,
        keyword.valid_to,
        keyword.origin,
        keyword.citation
    from {{ ref('topic_keyword') }} as keyword
    left join topics on keyword.topic_code = topics.topic_code

),

topic_targets as (

    select
        'topic_target' as rule_kind,
        target.topic_code as rule_code,
        target.rank_group as scope,
        {{ number_text('target.target_hours') }} as value,
        'credit hour' as unit,
        groups.label_zh || '“' || topics.topic_name || '”知识储备的目标学时' as text_zh,
        'Target hours of the knowledge reserve, topic ' || target.topic_code || ', '
        || lower(groups.label_en) as text_en,
        target.valid_from,
        target.valid_to,
        target.origin,
        target.citation
    from {{ ref('topic_target') }} as target
    left join topics on target.topic_code = topics.topic_code
    left join labels as groups on groups.code_list = 'rank_group' and target.rank_group = groups.code

),

rules as (

    {% for rules in [
        'parameters', 'targets', 'credit_rules', 'counted_modes', 'mappings', 'keywords', 'topic_targets'
    ] %}
    select * from {{ rules }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}

)

select
    rules.rule_kind,
    rules.rule_code,
    rules.scope,
    rules.value,
    rules.unit,
    case
        when rules.unit like 'share%' or rules.unit = 'probability'
            then {{ number_text('round(100 * cast(rules.value as double), 1)') }} || '%'
        else rules.value || coalesce(' ' || units.label_zh, '')
    end as value_text,
    case
        when rules.unit like 'share%' or rules.unit = 'probability'
            then {{ number_text('round(100 * cast(rules.value as double), 1)') }} || '%'
        else rules.value || ' ' || coalesce(units.label_en, rules.unit)
    end as value_text_en,
    rules.text_zh,
    rules.text_en,
    rules.valid_from,
    rules.valid_to,
    rules.origin,
    origins.label_zh as origin_name,
    origins.label_en as origin_name_en,
    rules.citation,
    replace(
        replace(rules.citation, 'local default (no national rule found)', '本地规则（未见全国性规定）'),
        'local default; ', '本地规则；'
    ) as basis,
    rules.citation as basis_en,
    {{ in_force_on('rules', as_of()) }} as is_in_force
from rules
left join labels as units on units.code_list = 'rule_unit' and rules.unit = units.code
left join labels as origins on origins.code_list = 'rule_origin' and rules.origin = origins.code
