-- Topic of each course by the maps of each period: its category text in its own source, else the first
-- keyword in its title (rules.md, topic of a ledger row).
with

courses as (

    select source, source_course_id, category_text, title_nfkc from {{ ref('int_course_item') }}

),

titles as (

    select distinct title_nfkc from courses where title_nfkc is not null

),

periods as (

    select * from {{ ref('int_topic_period') }}

),

keywords as (

    select
        titles.title_nfkc,
        periods.valid_from,
        min_by(keyword.topic_code, keyword.priority) as topic_code
    from titles
    inner join {{ ref('topic_keyword') }} as keyword on instr(titles.title_nfkc, keyword.keyword) > 0
    inner join periods on {{ in_force_on('keyword', 'periods.valid_from') }}
    group by titles.title_nfkc, periods.valid_from

)

select
    courses.source,
    courses.source_course_id,
    coalesce(mapping.topic_code, keywords.topic_code) as topic_code,
    case when mapping.topic_code is not null then 'category' else 'keyword' end as mapped_by,
    periods.valid_from,
    periods.valid_to
from courses
cross join periods
left join {{ ref('topic_mapping') }} as mapping
    on
        courses.source = mapping.source
        and courses.category_text = mapping.category_text
        and {{ in_force_on('mapping', 'periods.valid_from') }}
left join keywords
    on courses.title_nfkc = keywords.title_nfkc and periods.valid_from = keywords.valid_from
where mapping.topic_code is not null or keywords.topic_code is not null
