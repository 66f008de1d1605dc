-- One canonical course for all sources: number and title of the first source that has them, topic of the
-- first that has one.
with

ordered as (

    select
        course_key,
        source,
        course_no,
        title,
        topic_code,
        mapped_by,
        row_number()
            over (partition by course_key order by source_order, source_course_id)
            as description_choice,
        row_number() over (
            partition by course_key
            order by case when topic_code is null then 1 else 0 end, source_order, source_course_id
        ) as topic_choice
    from {{ ref('int_course_source') }}

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
