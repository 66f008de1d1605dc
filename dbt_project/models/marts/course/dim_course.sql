-- One canonical course for all sources: number and title of the first source that has them, topic of the
-- first that has one of its own by the maps in force today (a ledger row keeps the topic of its own day),
-- else the topic of the themes of the classes in which it is taught.
with

ordered as (

    select
        courses.course_key,
        courses.source,
        courses.course_no,
        courses.title,
        coalesce(courses.topic_code, themes.topic_code) as topic_code,
        case
            when courses.topic_code is not null then courses.mapped_by
            when themes.topic_code is not null then 'theme'
        end as mapped_by,
        row_number()
            over (partition by courses.course_key order by courses.source_order, courses.source_course_id)
            as description_choice,
        row_number() over (
            partition by courses.course_key
            order by
                case
                    when courses.topic_code is not null then 1
                    when themes.topic_code is not null then 2
                    else 3
                end,
                courses.source_order,
                courses.source_course_id
        ) as topic_choice
    from {{ ref('int_course_source') }} as courses
    left join {{ ref('int_course_theme') }} as themes
        on courses.source = themes.source and courses.source_course_id = themes.source_course_id

),

sources as (

    select course_key, {{ joined_texts('source', ' ', 'source') }} as sources
    from (select distinct course_key, source from ordered) as distinct_sources
    group by course_key

)

select
    described.course_key,
    described.course_no,
    described.title,
    coalesce(mapped.topic_code, 'U00') as topic_code,
    coalesce(mapped.mapped_by, 'none') as mapped_by,
    sources.sources
from ordered as described
inner join ordered as mapped on described.course_key = mapped.course_key and mapped.topic_choice = 1
inner join sources on described.course_key = sources.course_key
where described.description_choice = 1
