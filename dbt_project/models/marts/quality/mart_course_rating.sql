with

methods as (

    select
        course_key,
        {{ joined_texts('method', ' ', 'method') }} as methods,
        {{ joined_texts('method_name', '、', 'method') }} as methods_name,
        {{ joined_texts('method_name_en', ', ', 'method') }} as methods_name_en
    from (
        select distinct
            canonical.course_key,
            courses.method,
            coalesce(labels.label_zh, courses.method) as method_name,
            coalesce(labels.label_en, courses.method) as method_name_en
        from {{ ref('stg_academic__course') }} as courses
        inner join {{ ref('int_course_source') }} as canonical
            on canonical.source = 'academic' and courses.course_id = canonical.source_course_id
        left join {{ ref('code_label') }} as labels
            on labels.code_list = 'course_method' and courses.method = labels.code
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
    topics.topic_name_en,
    topics.group_code,
    topics.group_name,
    topics.group_name_en,
    courses.sources,
    methods.methods,
    coalesce(
        methods.methods_name, case when courses.sources like '%academic%' then '未注明' else '网上课程' end
    ) as methods_name,
    coalesce(
        methods.methods_name_en,
        case when courses.sources like '%academic%' then 'Not given' else 'Online' end
    ) as methods_name_en,
    ratings.ratings,
    ratings.academic_ratings,
    ratings.academy_ratings,
    ratings.mobile_ratings,
    ratings.mean_score,
    ratings.overall_mean,
    ratings.adjusted_score,
    ratings.position,
    cast(rank() over (order by ratings.adjusted_score) as bigint) as position_from_last,
    ratings.last_rated_on
from {{ ref('int_target_rating') }} as ratings
left join {{ ref('dim_course') }} as courses on ratings.target = courses.course_key
left join {{ ref('dim_topic') }} as topics on courses.topic_code = topics.topic_code
left join methods on ratings.target = methods.course_key
where ratings.target_kind = 'course'
