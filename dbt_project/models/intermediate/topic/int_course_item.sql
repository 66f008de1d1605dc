-- Every course of every source with its canonical key and what its topic is found by.
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
    courses.title_nfkc,
    courses.category_text
from courses
