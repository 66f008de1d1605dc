with

methods as (

    select
        course_key,
        {{ joined_texts('method', ' ', 'method') }} as methods
    from (
        select distinct canonical.course_key, courses.method
        from {{ ref('stg_academic__course') }} as courses
        inner join {{ ref('int_course_source') }} as canonical
            on canonical.source = 'academic' and courses.course_id = canonical.source_course_id
        where courses.method is not null
    ) as course_methods
    group by course_key

)

select
    ratings.target,
    ratings.target as course_key,
    courses.title,
    courses.topic_code,
    topics.topic_name,
    topics.group_code,
    topics.group_name,
    courses.sources,
    methods.methods,
    ratings.ratings,
    ratings.academic_ratings,
    ratings.academy_ratings,
    ratings.mobile_ratings,
    ratings.mean_score,
    ratings.overall_mean,
    ratings.adjusted_score,
    ratings.position,
    ratings.last_rated_on
from {{ ref('int_target_rating') }} as ratings
left join {{ ref('dim_course') }} as courses on ratings.target = courses.course_key
left join {{ ref('dim_topic') }} as topics on courses.topic_code = topics.topic_code
left join methods on ratings.target = methods.course_key
where ratings.target_kind = 'course'
