-- How many people of each learning system, and of all together, are tied to a cadre: whose learning counts.
with

people as (

    select
        source,
        rule
    from {{ ref('int_identity_link') }}

    union all

    select
        'all' as source,
        rule
    from {{ ref('int_identity_link') }}

),

counts as (

    select
        source,
        count(*) as people,
        count(rule) as tied,
        count(case when rule = 'probabilistic' then 1 end) as tied_by_probability
    from people
    group by source

)

select
    {{ as_of() }} as as_of,
    counts.source,
    coalesce(sources.label_zh, '合计') as source_name,
    coalesce(sources.label_en, 'All') as source_name_en,
    coalesce(sources.sort_order, 0) as source_order,
    counts.people,
    counts.tied,
    counts.people - counts.tied as not_tied,
    counts.tied_by_probability,
    {{ rate('counts.tied', 'counts.people') }} as tied_rate
from counts
left join {{ ref('code_label') }} as sources
    on sources.code_list = 'person_source' and counts.source = sources.code
