-- Every course of every source with its canonical key and its own topic (category, else keyword in the
-- title).
with

activities as (

    -- A micro-course is described by its statements: the newest description that is there counts.
    select
        activity_id,
        activity_name,
        activity_name_nfkc,
        category_text,
        row_number() over (
            partition by activity_id
            order by
                case when activity_name is not null then 0 else 1 end, stored_at desc, statement_id desc
        ) as choice
    from {{ ref('stg_mobile__statements') }}
    where object_type is distinct from 'StatementRef'
        and not activity_id like '{{ var("academy_course_prefix") }}%'

),

courses as (

    select
        'academic' as source,
        1 as source_order,
        course_id as source_course_id,
        course_no,
        title,
        title_nfkc,
        category_text
    from {{ ref('stg_academic__course') }}
    where not is_deleted

    union all

    select
        'academy' as source,
        2 as source_order,
        course_id as source_course_id,
        course_no,
        title,
        title_nfkc,
        category_text
    from {{ ref('stg_academy__courses') }}

    union all

    select
        'mobile' as source,
        3 as source_order,
        activity_id as source_course_id,
        cast(null as varchar) as course_no,
        activity_name as title,
        activity_name_nfkc as title_nfkc,
        category_text
    from activities
    where choice = 1

),

titles as (

    select distinct title_nfkc from courses where title_nfkc is not null

),

keywords as (

    select titles.title_nfkc, min(keyword.priority) as priority
    from titles
    inner join {{ ref('topic_keyword') }} as keyword on instr(titles.title_nfkc, keyword.keyword) > 0
    group by titles.title_nfkc

)

select
    courses.source,
    courses.source_order,
    courses.source_course_id,
    {{ course_key(
        'courses.course_no', 'courses.title_nfkc', "courses.source || '/' || courses.source_course_id"
    ) }} as course_key,
    nullif(trim(courses.course_no), '') as course_no,
    courses.title,
    coalesce(mapping.topic_code, keyword.topic_code) as topic_code,
    case
        when mapping.topic_code is not null then 'category'
        when keyword.topic_code is not null then 'keyword'
    end as mapped_by
from courses
left join {{ ref('topic_mapping') }} as mapping
    on courses.source = mapping.source and courses.category_text = mapping.category_text
left join keywords on courses.title_nfkc = keywords.title_nfkc
left join {{ ref('topic_keyword') }} as keyword on keywords.priority = keyword.priority
